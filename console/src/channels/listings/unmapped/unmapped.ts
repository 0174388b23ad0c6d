import type { UnmappedListing } from "../../../api/types";
import { csv } from "../../../ui/file/csv";

const HEADINGS = ["product", "variant", "warehouse", "sku", "merchant_code"] as const;

/** Those that sell an item whose code is their seller code, and that nobody left out. */
export function chosen(
  items: readonly UnmappedListing[],
  left: ReadonlySet<string>,
): (UnmappedListing & { sku: string })[] {
  return items.filter(
    (item): item is UnmappedListing & { sku: string } => item.sku !== null && !left.has(item.listing),
  );
}

/** The sheet that maps them, as an operator would have filled it in. */
export function sheetOf(items: readonly UnmappedListing[]): string {
  return csv([HEADINGS, ...items.map((item) => HEADINGS.map((name) => item[name] ?? ""))]);
}
