import { call } from "../api/client";
import { PAGE, pageQuery, usePages } from "../api/pages";
import type { StockView, TransferPage } from "../api/types";

const TRIES = 5;

export interface Wanted {
  sku: string;
  account: string;
  reason: string;
  actor: string;
  reference: string;
}

/** What transfers are narrowed by beside item and account. */
export const FACTS = ["reason", "actor", "reference"] as const;
export type Fact = (typeof FACTS)[number];

interface Loaded extends TransferPage {
  /** The item's stock as it was when the first page was read; null when no item is chosen. */
  stock: StockView | null;
  /** Whether stock and transfers are of one moment: of an item that sells all the time they may not be. */
  settled: boolean;
}

export function address(wanted: Wanted, before: string, limit = PAGE): string {
  const { sku, account, reason, actor, reference } = wanted;
  return `/v1/transfers?${pageQuery(before, { sku, account, reason, actor, reference }, limit)}`;
}

/** Stock and transfers of one moment: read again while the stock changes in between. */
async function firstPage(wanted: Wanted): Promise<Loaded> {
  const path = `/v1/stock/${encodeURIComponent(wanted.sku)}`;
  for (let tries = 1; ; tries++) {
    const stock = await call<StockView>("GET", path);
    const page = await call<TransferPage>("GET", address(wanted, ""));
    const then = await call<StockView>("GET", path);
    const settled = then.version === stock.version;
    if (settled || tries === TRIES) return { ...page, stock, settled };
  }
}

/** Transfers that fit, the newest first, page by page. */
export function useTransfers(wanted: Wanted) {
  return usePages(["transfers", wanted], async (before): Promise<Loaded> => {
    if (wanted.sku && !before) return await firstPage(wanted);
    return { ...(await call<TransferPage>("GET", address(wanted, before))), stock: null, settled: true };
  });
}
