import { pageQuery } from "../api/pages";

/** Where a page of the holds of an item, or of all, is read. */
export function holdsAddress(sku: string, before: string, limit?: number): string {
  return `/v1/holds?${pageQuery(before, { sku }, limit)}`;
}
