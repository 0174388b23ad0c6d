import { describe, expect, it } from "vitest";
import type { SyncDocument } from "../src/api/types";
import { lastMismatch } from "../src/live/room";

function channel(name: string, ...listings: [sku: string, at: string | null, units: number][]) {
  const found = listings.map(([sku, mismatch_at, mismatch_units]) => ({ sku, mismatch_at, mismatch_units }));
  return [name, { channel: name, listings: found } as unknown as SyncDocument] as const;
}

describe("the last mismatch", () => {
  it("is the newest of all counters of the item", () => {
    const sync = new Map([
      channel("one", ["A", "2026-11-26T02:10:00Z", 4], ["B", "2026-11-26T02:30:00Z", 9]),
      channel("two", ["A", null, 0], ["A", "2026-11-26T02:20:00Z", 1]),
    ]);
    expect(lastMismatch(sync, "A")).toEqual({ channel: "two", at: "2026-11-26T02:20:00Z", units: 1 });
  });

  it("is none where counters never differed, and unknown where there is no counter", () => {
    const sync = new Map([channel("one", ["A", null, 0])]);
    expect(lastMismatch(sync, "A")).toBeNull();
    expect(lastMismatch(sync, "B")).toBeUndefined();
  });
});
