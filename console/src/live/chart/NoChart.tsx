/** Where a chart would be. */
export function NoChart(_: { sku: string }) {
  return <span aria-hidden="true">–</span>;
}
