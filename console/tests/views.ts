import type { StockView } from "../src/api/types";

const SELLABLE = /^(unallocated|channel:)/;

/** A stock document from its accounts: a balance, or a balance and what of it is held. */
export function view(
  sku: string,
  version: number,
  accounts: Record<string, number | [number, number]>,
): StockView {
  const rows = Object.entries(accounts).map(([account, value]) => {
    const [posted, held] = typeof value === "number" ? [value, 0] : value;
    return { account, location: "main", posted, held };
  });
  const sum = (pick: (row: (typeof rows)[number]) => number) =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    sku,
    version,
    accounts: rows,
    on_hand: sum((row) => Math.max(0, row.posted)),
    available: sum((row) => (SELLABLE.test(row.account) ? row.posted - row.held : 0)),
    held: sum((row) => row.held),
    committed: sum((row) => (row.account.startsWith("committed:") ? row.posted : 0)),
  };
}
