import { describe, expect, it, vi } from "vitest";
import { ApiError, callUntilAnswered, NoAnswer } from "../src/api/client";
import type { Problem } from "../src/api/types";
import { MoveDesk, UNDO_MS } from "../src/moves/desk";
import { applied, atMost, inverse, legOf, type Move, preflight, steered, suggested } from "../src/moves/move";
import { type Circumstances, choices, firstChoice, reasonAgainst } from "../src/moves/reasons";
import { toItem } from "../src/stock/item";
import { view } from "./views";

const ITEM = toItem(view("mug", 1, { unallocated: 40, reserve: 12, "channel:a": [30, 5], "channel:b": 2 }));
const GIVE: Move = { kind: "give", sku: "mug", channel: "a", quantity: 10 };

const problem = (code: string, status: number): Problem => ({
  type: "",
  title: "",
  status,
  code,
  detail: code,
  request_id: "",
});

describe("moves", () => {
  it("are transfers, and their opposites take them back", () => {
    expect(legOf(GIVE)).toEqual({ from: "unallocated", to: "channel:a", reason: "allocate" });
    expect(legOf(inverse(GIVE))).toMatchObject({ from: "channel:a", to: "unallocated" });
    expect(inverse({ ...GIVE, kind: "freeze" }).kind).toBe("unfreeze");
    for (const kind of ["add", "give", "recall", "open_reserve"] as const) {
      const move = { ...GIVE, kind, quantity: 3 };
      expect(applied(applied(ITEM, move), inverse(move))).toEqual(ITEM);
    }
  });

  it("say before what they will change", () => {
    expect(preflight(ITEM, GIVE)).toEqual([
      { of: "unallocated", channel: false, from: 40, to: 30 },
      { of: "a", channel: true, from: 30, to: 40 },
    ]);
    expect(preflight(ITEM, { ...GIVE, kind: "open_reserve", quantity: 12 })).toEqual([
      { of: "available", channel: false, from: 67, to: 79 },
      { of: "unallocated", channel: false, from: 40, to: 52 },
      { of: "reserve", channel: false, from: 12, to: 0 },
    ]);
  });

  it("hold the right of a platform's listing at a quantity, which is shown when the platform has agreed", () => {
    const give = steered(GIVE, ITEM, "p/v", null);
    expect(give.steering).toEqual({ listing: "p/v", fixed: 40, before: null });
    expect(steered({ ...GIVE, kind: "recall", quantity: 99 }, ITEM, "p/v", 7).steering?.fixed).toBe(0);
    expect(preflight(ITEM, give)).toEqual([{ of: "a", channel: true, from: 30, to: 40 }]);
    expect(applied(ITEM, give)).toBe(ITEM);
    expect(inverse(give).steering).toEqual({ listing: "p/v", fixed: null, before: 40 });
  });

  it("know their bounds: what buyers hold is not taken back", () => {
    expect(atMost(ITEM, "recall", "a")).toBe(25);
    expect(atMost(ITEM, "give", "a")).toBe(40);
    expect(suggested(ITEM, "give", "a")).toBe(10);
    expect(suggested(ITEM, "recall", "b")).toBe(1);
    expect(suggested(ITEM, "open_reserve", "")).toBe(12);
  });
});

describe("reasons", () => {
  const about: Circumstances = {
    mayOperate: true,
    roleWord: "运营",
    live: true,
    item: ITEM,
    channels: ["a", "b"],
    synced: new Set(),
    steerable: new Map(),
  };

  it("name what stands against a move", () => {
    expect(reasonAgainst("give", about)).toBeNull();
    expect(reasonAgainst("give", { ...about, mayOperate: false })?.key).toBe("move.why.role");
    expect(reasonAgainst("give", { ...about, live: false })?.key).toBe("move.why.offline");
    expect(reasonAgainst("give", { ...about, channels: [] })?.key).toBe("move.why.no_channel");
    expect(reasonAgainst("give", { ...about, synced: new Set(["a", "b"]) })?.key).toBe("move.why.synced");
    const empty = toItem(view("mug", 1, {}));
    expect(reasonAgainst("give", { ...about, item: empty })?.key).toBe("move.why.no_unallocated");
    expect(reasonAgainst("recall", { ...about, item: empty })?.key).toBe("move.why.nothing_to_recall");
    expect(reasonAgainst("open_reserve", { ...about, item: empty })?.key).toBe("move.why.no_reserve");
  });

  it("offer the channel that needs it first", () => {
    const seconds = new Map([
      ["a", 20],
      ["b", 400],
    ]);
    expect(firstChoice("give", choices("give", about, seconds), ITEM, seconds)).toBe("a");
    expect(firstChoice("recall", choices("recall", about, seconds), ITEM, seconds)).toBe("a");
    expect(choices("give", { ...about, synced: new Set(["a"]) }, seconds)).toEqual(["b"]);
  });
});

describe("MoveDesk", () => {
  function desk(send: (id: string, move: Move) => Promise<unknown>) {
    let now = 0;
    const screen = { expect: vi.fn(), settle: vi.fn() };
    const made = new MoveDesk(screen, vi.fn(), send, () => now);
    return { made, screen, pass: (ms: number) => (now += ms) };
  }

  it("takes a move back once, and only in time", async () => {
    const sent: [string, Move][] = [];
    const { made, pass } = desk(async (id, move) => sent.push([id, move]));
    await made.run(GIVE);
    const id = made.recent()[0]?.id ?? "";
    expect(made.undoable()?.id).toBe(id);
    await Promise.all([made.undo(id), made.undo(id)]);
    expect(sent.map(([each]) => each)).toEqual([id, `${id}~undo`]);
    expect(made.recent().map((entry) => entry.status)).toEqual(["done", "undone"]);
    await made.run(GIVE);
    pass(UNDO_MS);
    expect(made.undoable()).toBeUndefined();
  });

  it("puts the screen back when a move is refused", async () => {
    const { made, screen } = desk(async () => {
      throw new ApiError(problem("insufficient_available", 409));
    });
    await made.run(GIVE);
    expect(screen.expect).toHaveBeenCalledOnce();
    expect(screen.settle).toHaveBeenCalledOnce();
    expect(made.recent()[0]).toMatchObject({
      status: "refused",
      problem: { code: "insufficient_available" },
    });
  });

  it("repeats a move without an answer under the same id", async () => {
    const ids: string[] = [];
    const { made } = desk(async (id) => {
      ids.push(id);
      if (ids.length === 1) throw new NoAnswer("gone");
    });
    await made.run(GIVE);
    const id = made.recent()[0]?.id ?? "";
    expect(made.recent()[0]?.status).toBe("unknown");
    await made.retry(id);
    expect(ids).toEqual([id, id]);
    expect(made.recent()[0]?.status).toBe("done");
  });
});

describe("callUntilAnswered", () => {
  const at_once = async () => undefined;

  it("repeats while the server is busy, and not when it refuses", async () => {
    let tries = 0;
    const busy = async () => {
      if (++tries < 3) throw new ApiError(problem("queue_full", 503));
      return tries;
    };
    expect(await callUntilAnswered(busy, at_once)).toBe(3);
    const refuse = vi.fn(async () => {
      throw new ApiError(problem("unknown_sku", 409));
    });
    await expect(callUntilAnswered(refuse, at_once)).rejects.toThrow("unknown_sku");
    expect(refuse).toHaveBeenCalledOnce();
  });
});
