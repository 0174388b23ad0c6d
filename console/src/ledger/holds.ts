/** Where a page of the holds of an item, or of all, is read. */
export function holdsAddress(sku: string, before: string, limit: number): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (sku) query.set("sku", sku);
  if (before) query.set("before", before);
  return `/v1/holds?${query}`;
}
