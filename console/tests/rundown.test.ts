import { describe, expect, it } from "vitest";
import type { SkuDocument } from "../src/api/queries";
import type { RundownItemDocument } from "../src/api/types";
import { itemBody } from "../src/shows/draft";
import { isGood, leftOut, rowsOf } from "../src/shows/rundown/import/change";

function item(sku: string, planned: number, more: Partial<RundownItemDocument> = {}): RundownItemDocument {
  const plan = { sku, planned, strategy: "shared", reserve_percent: null, limits: null } as const;
  const rest = { script: "", minutes: null, opening: "approval", reserve_percent_proposed: 10 } as const;
  const standing = { state: "waiting", pushed_in: false, on_air_at: null, done_at: null } as const;
  return { ...plan, ...rest, ...standing, reserved: 0, opened: 0, ...more };
}

const sku = (components: unknown[] = []) => ({ components }) as unknown as SkuDocument;
const CATALOG = new Map([
  ["A", sku()],
  ["B", sku()],
  ["C", sku()],
  ["SET", sku([{ sku: "A", quantity: 2 }])],
]);

describe("a rundown from a file", () => {
  it("says of each row what it does, and what leaves", () => {
    const items = [item("A", 10), item("B", 5, { limits: { per_buyer: 2 } }), item("GONE", 1)].map(itemBody);
    const found = [
      item("B", 5, { limits: { per_buyer: 2, per_order: null } }),
      item("A", 12),
      item("C", 1),
      item("SET", 1),
      item("TYPO", 1),
    ];
    const rows = rowsOf(found, items, CATALOG);
    expect(rows.map((row) => row.change)).toEqual(["same", "changed", "new", "bundle", "unknown"]);
    expect(rows.filter(isGood)).toHaveLength(3);
    expect(leftOut(rows, items).map((each) => each.sku)).toEqual(["GONE"]);
  });

  it("keeps who opens a reserve, which a file does not say", () => {
    const items = [itemBody(item("A", 10, { opening: "automatic" }))];
    expect(rowsOf([item("A", 10)], items, CATALOG)[0]).toMatchObject({
      change: "same",
      item: { opening: "automatic" },
    });
  });
});
