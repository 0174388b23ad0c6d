import { describe, expect, it } from "vitest";
import { EventCutter } from "../src/overlay/events";
import { OverlayLine, SILENCE_MS, type World, waitBefore } from "../src/overlay/line";
import {
  type Item,
  isLow,
  type Picture,
  partLeft,
  RESTOCKED_MS,
  type Snapshot,
  withChanges,
  withSnapshot,
} from "../src/overlay/picture";
import { countdown, wordsOf } from "../src/overlay/words";

function item(remaining: number, total: number, position = 0): Item {
  return { position, name: `item ${position}`, remaining, total, state: remaining ? "on_sale" : "sold_out" };
}

function snapshot(...items: Item[]): Snapshot {
  return { theme: "night", layout: "card", place: "top", language: "zh", items };
}

describe("events", () => {
  it("are cut wherever the pieces break, and comments are none", () => {
    const text =
      'retry: 2000\n\n: hi\n\nid: a1\nevent: stock\ndata: {"x": "1: 2"}\n\nid: b\nevent: e\ndata: 2\n\n';
    for (let size = 1; size <= text.length; size += 1) {
      const cutter = new EventCutter();
      const found = [];
      for (let at = 0; at < text.length; at += size) found.push(...cutter.take(text.slice(at, at + size)));
      expect(found).toEqual([
        { id: "a1", name: "stock", data: '{"x": "1: 2"}' },
        { id: "b", name: "e", data: "2" },
      ]);
    }
  });
});

describe("the picture", () => {
  it("calls goods that came in a restock, and units that came back none", () => {
    const start = withSnapshot(null, snapshot(item(0, 20)), 0);
    expect(start.items[0]?.restockedUntil).toBe(0);
    const back = withChanges(start, [item(1, 20)], 100);
    expect(back.items[0]?.restockedUntil).toBe(0);
    const more = withChanges(back, [item(31, 50)], 200);
    expect(more.items[0]).toMatchObject({ restocked: 30, restockedUntil: 200 + RESTOCKED_MS });
    const again = withChanges(more, [item(36, 55)], 300);
    expect(again.items[0]?.restocked).toBe(35);
    const later = withChanges(again, [item(41, 60)], 300 + RESTOCKED_MS);
    expect(later.items[0]?.restocked).toBe(5);
  });

  it("remembers over a break, but takes no item for another", () => {
    const start = withSnapshot(null, snapshot(item(0, 20), item(3, 3, 1)), 0);
    const after = withSnapshot(start, snapshot(item(3, 3, 1), item(9, 29)), 50);
    expect(after.items.map((shown) => shown.restocked)).toEqual([9, 0]);
    const other = withSnapshot(start, snapshot({ ...item(9, 29), name: "another" }), 50);
    expect(other.items[0]?.restocked).toBe(0);
  });

  it("changes only what was told", () => {
    const start: Picture = withSnapshot(null, snapshot(item(5, 9), item(6, 9, 1)), 0);
    const next = withChanges(start, [item(4, 9, 1)], 1);
    expect(next.items[0]).toBe(start.items[0]);
    expect(next.items[1]?.remaining).toBe(4);
  });

  it("knows when little is left, and shows it on the bar", () => {
    expect([0, 1, 25, 26, 100].map((left) => isLow(item(left, 100)))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    expect([0, 1, 50, 100].map((left) => partLeft(item(left, 100)))).toEqual([0, 0.02, 0.5, 1]);
    expect(partLeft(item(0, 0))).toBe(0);
    expect(wordsOf("zh").onlyLeft.join(" 23 ")).toBe("仅剩 23 件");
    expect(wordsOf("en").onlyLeft.join(" 23 ")).toBe("Only 23 left");
    expect([wordsOf("zh").age(7), wordsOf("en").age(300)]).toEqual(["7 秒前的数据", "as of 5 min ago"]);
  });
});

/** A world in which a test turns the clock and the server. */
class Stage implements World {
  time = 0;
  asked: (string | undefined)[] = [];
  timers: { at: number; run: () => void }[] = [];
  streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  status = 200;

  headers: Record<string, string> = {};

  async fetch(_url: string, init: RequestInit): Promise<Response> {
    this.asked.push((init.headers as Record<string, string>)["Last-Event-ID"]);
    if (this.status !== 200) return new Response("", { status: this.status });
    const body = new ReadableStream<Uint8Array>({ start: (stream) => void this.streams.push(stream) });
    init.signal?.addEventListener("abort", () => this.streams.at(-1)?.error(new Error("aborted")));
    return new Response(body, { headers: this.headers });
  }
  now = () => this.time;
  random = () => 1;
  later(run: () => void, ms: number) {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return timer;
  }
  cancel(timer: unknown) {
    this.timers = this.timers.filter((other) => other !== timer);
  }
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= end).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      this.cancel(due);
      this.time = Math.max(this.time, due.at);
      due.run();
      await settle();
    }
    this.time = end;
  }
  async say(text: string): Promise<void> {
    this.streams.at(-1)?.enqueue(new TextEncoder().encode(text));
    await settle();
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 1));

async function opened(stage: Stage) {
  const heard: string[] = [];
  const line = new OverlayLine("/overlay/x/feed", stage, {
    event: (event) => void heard.push(`${event.name} ${event.data}`),
    time: (ms) => void heard.push(`time ${ms}`),
    state: (state) => void heard.push(state),
  });
  line.open();
  await settle();
  return { line, heard };
}

describe("the next drop", () => {
  it("is counted down to the second, and is there when nothing is left", () => {
    expect([42_000, 41_001, 3_723_000, 1, 3 * 86_400_000].map(countdown)).toEqual([
      "00:42",
      "00:42",
      "1:02:03",
      "00:01",
      "3d",
    ]);
    expect(wordsOf("zh").next(42_000, "500")).toBe("下一批 00:42 500 件");
    expect(wordsOf("zh").next(0, "500")).toBe("下一批 500 件，马上开售");
    expect(wordsOf("en").next(42_000, "500")).toBe("Next 500 in 00:42");
  });

  it("goes with the newest word of an item", () => {
    const next = { opens_at_ms: 9, units: 500 };
    const start = withSnapshot(null, snapshot({ ...item(0, 20), next }), 0);
    expect(start.items[0]?.next).toEqual(next);
    expect(withChanges(start, [item(500, 520)], 1).items[0]?.next).toBeUndefined();
  });
});

describe("the line", () => {
  it("tells the server's clock on each connection", async () => {
    const stage = new Stage();
    stage.headers = { "X-Holdfast-Time": "1764000000000" };
    const { heard } = await opened(stage);
    expect(heard).toEqual(["time 1764000000000"]);
  });

  it("comes back with what it knows, waiting longer and longer", async () => {
    const stage = new Stage();
    const { heard } = await opened(stage);
    await stage.say("retry: 2000\n\nid: s1\nevent: snapshot\ndata: {}\n\n");
    expect(heard).toEqual(["live", "snapshot {}"]);
    stage.status = 503;
    stage.streams.at(-1)?.close();
    await settle();
    expect(heard.at(-1)).toBe("lost");
    await stage.pass(3_400);
    expect(stage.asked).toEqual([undefined, "s1", "s1"]);
    stage.status = 200;
    await stage.pass(2_000);
    await stage.say(": still here\n\n");
    expect(heard.at(-1)).toBe("live");
    expect([0, 1, 2, 20].map((tries) => waitBefore(tries, 1))).toEqual([500, 1000, 2000, 15000]);
    expect(waitBefore(0, 0)).toBe(250);
  });

  it("takes silence for a dead line", async () => {
    const stage = new Stage();
    const { heard } = await opened(stage);
    await stage.say(": hi\n\n");
    await stage.pass(SILENCE_MS - 1);
    await stage.say(": hi\n\n");
    await stage.pass(SILENCE_MS - 1);
    expect(heard).toEqual(["live"]);
    await stage.pass(1_000);
    expect(heard).toEqual(["live", "lost"]);
    expect(stage.asked).toHaveLength(2);
  });

  it("gives up only when the address has ended", async () => {
    for (const way of ["word", "status"]) {
      const stage = new Stage();
      if (way === "status") stage.status = 410;
      const { line, heard } = await opened(stage);
      await stage.say("event: ended\ndata: {}\n\n");
      expect(heard.at(-1)).toBe("ended");
      line.open();
      await stage.pass(60_000);
      expect(stage.asked).toHaveLength(1);
    }
  });
});
