import type { SkuDocument } from "../../../api/queries";
import type { RundownItemBody, RundownItemDocument } from "../../../api/types";
import { itemBody } from "../../draft";

/** Why a row cannot be taken, or what it does to the rundown. */
export type Change = "unknown" | "bundle" | "new" | "changed" | "same";

export interface Row {
  item: RundownItemBody;
  /** The item as the rundown has it now. */
  before: RundownItemBody | undefined;
  change: Change;
}

const KNOWN: Record<Change, boolean> = {
  unknown: false,
  bundle: false,
  new: true,
  changed: true,
  same: true,
};

/** Whether a row can stand in a rundown. */
export const isGood = (row: Row) => KNOWN[row.change];

const FIELDS = ["planned", "strategy", "reserve_percent", "script", "minutes"] as const;
const LIMITS = ["per_order", "per_buyer", "per_buyer_across_channels"] as const;

function same(one: RundownItemBody, other: RundownItemBody): boolean {
  const limits = LIMITS.every((name) => (one.limits?.[name] ?? null) === (other.limits?.[name] ?? null));
  return limits && FIELDS.every((name) => one[name] === other[name]);
}

/** What each row of a file does to the items of a rundown. */
export function rowsOf(
  found: readonly RundownItemDocument[],
  items: readonly RundownItemBody[],
  catalog: ReadonlyMap<string, SkuDocument>,
): Row[] {
  return found.map((document): Row => {
    const before = items.find((each) => each.sku === document.sku);
    // A file has no column for who opens a reserve: that stays as it was.
    const item = { ...itemBody(document), opening: before?.opening ?? document.opening };
    const known = catalog.get(item.sku);
    if (!known) return { item, before, change: "unknown" };
    if (known.components.length > 0) return { item, before, change: "bundle" };
    if (!before) return { item, before, change: "new" };
    return { item, before, change: same(item, before) ? "same" : "changed" };
  });
}

/** The items that a file leaves out. */
export function leftOut(rows: readonly Row[], items: readonly RundownItemBody[]): RundownItemBody[] {
  const there = new Set(rows.map((row) => row.item.sku));
  return items.filter((item) => !there.has(item.sku));
}
