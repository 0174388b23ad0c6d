import type { StockView, TransferDocument } from "../api/types";

/** A transfer as one account sees it. */
export interface Step {
  transfer: TransferDocument;
  /** Units that came in, or went out (negative). */
  change: number;
  /** What the account had right after it. */
  after: number;
}

/** What a transfer did to an account. */
export function changeOf(transfer: TransferDocument, account: string): number {
  return (
    (transfer.to === account ? transfer.quantity : 0) - (transfer.from === account ? transfer.quantity : 0)
  );
}

/** Walk back from what an account has now, the newest transfer first. */
export function walkBack(now: number, transfers: readonly TransferDocument[], account: string): Step[] {
  let after = now;
  return transfers.map((transfer) => {
    const step = { transfer, change: changeOf(transfer, account), after };
    after -= step.change;
    return step;
  });
}

/** What an account had before the oldest of these transfers: 0 when they are all there are. */
export function openingBalance(now: number, transfers: readonly TransferDocument[], account: string): number {
  return transfers.reduce((left, transfer) => left - changeOf(transfer, account), now);
}

/** What all locations have on an account, and what of it buyers hold. */
export function balanceOf(stock: StockView | null, account: string): { posted: number; held: number } {
  const found = (stock?.accounts ?? []).filter((each) => each.account === account);
  return {
    posted: found.reduce((sum, each) => sum + each.posted, 0),
    held: found.reduce((sum, each) => sum + each.held, 0),
  };
}
