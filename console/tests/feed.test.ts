import { describe, expect, it, vi } from "vitest";
import { FeedConnection, type Hands, SILENCE_MS, type Source, waitBefore } from "../src/feed/connection";
import { queriesOf } from "../src/feed/documents";
import { LagMeter } from "../src/feed/lag";
import { StockStore } from "../src/feed/store";
import type { Move } from "../src/moves/move";
import { view } from "./views";

class Played implements Source {
  onerror: ((event: unknown) => void) | null = null;
  closed = false;
  private readonly listeners = new Map<string, (event: { data: string; lastEventId: string }) => void>();

  constructor(readonly url: string) {}

  addEventListener(name: string, listener: (event: { data: string; lastEventId: string }) => void): void {
    this.listeners.set(name, listener);
  }

  say(name: string, data: unknown, lastEventId = ""): void {
    this.listeners.get(name)?.({ data: JSON.stringify(data), lastEventId });
  }

  close(): void {
    this.closed = true;
  }
}

function played() {
  vi.useFakeTimers();
  const sources: Played[] = [];
  const hands: Hands = {
    open: (url) => {
      const source = new Played(url);
      sources.push(source);
      return source;
    },
    now: () => Date.now(),
    random: () => 1,
    later: (run, ms) => setTimeout(run, ms),
    cancel: (timer) => clearTimeout(timer as number),
  };
  const ears = { snapshot: vi.fn(), stock: vi.fn(), pulse: vi.fn(), document: vi.fn(), line: vi.fn() };
  const feed = new FeedConnection(hands, ears);
  feed.open();
  const last = () => sources.at(-1) as Played;
  return { feed, ears, sources, last };
}

describe("FeedConnection", () => {
  it("goes on after a break from where it was", () => {
    const { ears, sources, last } = played();
    last().say("snapshot", { version: 4, items: [] }, "4");
    last().say("stock", view("mug", 9, {}), "9");
    expect(ears.line.mock.calls.flat()).toEqual(["connecting", "live"]);
    last().onerror?.({});
    expect(ears.line).toHaveBeenLastCalledWith("lost");
    expect(last().closed).toBe(true);
    vi.advanceTimersByTime(500);
    expect(sources).toHaveLength(2);
    expect(last().url).toBe("/v1/feed?pulse=true&documents=true&last_event_id=9");
  });

  it("tells of changed documents without losing its place", () => {
    const { ears, last } = played();
    last().say("snapshot", { version: 4, items: [] }, "4");
    last().say("document", { kind: "show", id: "evening" });
    expect(ears.document.mock.calls).toEqual([["show", "evening"]]);
    last().onerror?.({});
    vi.advanceTimersByTime(500);
    expect(last().url).toContain("last_event_id=4");
  });

  it("knows what a changed document makes old", () => {
    expect(queriesOf("show")).toContain("shows");
    expect(queriesOf("nothing-we-show")).toEqual([]);
    expect(queriesOf(null)).toEqual(expect.arrayContaining(["shows", "skus"]));
  });

  it("takes silence for a dead line", () => {
    const { ears, sources, last } = played();
    last().say("snapshot", { version: 4, items: [] }, "4");
    vi.advanceTimersByTime(SILENCE_MS - 1_000);
    last().say("pulse", { at_ms: 1, lag_ms: null });
    vi.advanceTimersByTime(SILENCE_MS - 1_000);
    expect(sources).toHaveLength(1);
    vi.advanceTimersByTime(SILENCE_MS + 1_000);
    expect(ears.line).toHaveBeenCalledWith("lost");
    expect(sources.length).toBeGreaterThan(1);
  });

  it("waits longer after each failure, up to a bound", () => {
    expect([0, 1, 2, 9].map((tries) => waitBefore(tries, 1))).toEqual([400, 800, 1600, 8000]);
    expect(waitBefore(0, 0)).toBe(200);
  });

  it("lets go when it is closed", () => {
    const { feed, sources, last } = played();
    feed.close();
    last().onerror?.({});
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
  });
});

describe("StockStore", () => {
  const GIVE: Move = { kind: "give", sku: "mug", channel: "a", quantity: 10 };

  it("shows a move at once, and the feed's word once it is there", () => {
    const store = new StockStore();
    store.restart([view("mug", 1, { unallocated: 40, "channel:a": 5 })], 0);
    store.flush(0);
    store.expect("1", GIVE);
    store.flush(1);
    expect(store.row("mug")).toMatchObject({ pending: 1, item: { unallocated: 30 } });
    store.receive(view("mug", 2, { unallocated: 40, "channel:a": [5, 1] }), 2);
    store.flush(2);
    expect(store.row("mug")).toMatchObject({ pending: 1, item: { unallocated: 30 } });
    store.receive(view("mug", 3, { unallocated: 30, "channel:a": [15, 1] }), 3);
    store.flush(3);
    expect(store.row("mug")).toMatchObject({ pending: 0, item: { unallocated: 30 } });
  });

  it("puts a refused move back", () => {
    const store = new StockStore();
    store.restart([view("mug", 1, { unallocated: 40 })], 0);
    store.expect("1", GIVE);
    store.settle("1", "mug");
    store.flush(1);
    expect(store.row("mug")).toMatchObject({ pending: 0, item: { unallocated: 40 } });
  });

  it("draws a line anew once a frame, and only those that changed", () => {
    const store = new StockStore();
    store.restart([view("a", 1, { unallocated: 1 }), view("b", 1, { unallocated: 1 })], 0);
    store.flush(0);
    const [a, b] = [vi.fn(), vi.fn()];
    store.watch("a", a);
    store.watch("b", b);
    for (let version = 2; version < 50; version++)
      store.receive(view("a", version, { unallocated: version }), 1);
    store.flush(1);
    expect(a).toHaveBeenCalledOnce();
    expect(b).not.toHaveBeenCalled();
  });

  it("drops what is older than what it has, and what a new snapshot has not", () => {
    const store = new StockStore();
    store.restart([view("a", 5, { unallocated: 5 }), view("b", 5, {})], 0);
    store.receive(view("a", 4, { unallocated: 4 }), 1);
    store.restart([view("a", 6, { unallocated: 6 })], 2);
    store.flush(2);
    expect(store.row("a")?.item.unallocated).toBe(6);
    expect(store.row("b")).toBeUndefined();
    expect(store.skus()).toEqual(["a"]);
  });
});

describe("LagMeter", () => {
  it("takes the difference of the clocks out", () => {
    const meter = new LagMeter();
    const skew = 5_000;
    for (let at = 0; at < 10_000; at += 100) {
      const late = at === 9_900 ? 40 : 0;
      const pulse = { at_ms: at, lag_ms: 2 };
      meter.heard(pulse, at + skew + late);
      meter.shown(pulse, at + skew + late + 8);
    }
    expect(meter.quantile(0.5)).toBe(10);
    expect(meter.quantile(0.999)).toBe(50);
  });
});
