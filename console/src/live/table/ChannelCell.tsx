import { memo } from "react";
import { units } from "../../i18n/format";
import { type ChannelStock, free } from "../../stock/item";
import { levelOf } from "../../stock/urgency";

interface Props {
  channel: string;
  stock: ChannelStock;
  seconds: number | null;
  couldGive: boolean;
}

/** What one channel has of an item: right, held, sold, and how much of its right is left to sell. */
export const ChannelCell = memo(
  function ChannelCell({ channel, stock, seconds, couldGive }: Props) {
    const left = free(stock);
    const active = stock.right + stock.held + stock.sold > 0;
    const level = active ? levelOf(left, seconds, couldGive) : "calm";
    const whole = stock.right + stock.sold;
    const share = whole > 0 ? Math.max(0, Math.min(1, left / whole)) : 0;
    return (
      <span
        role="gridcell"
        className={`cell-channel level-${level} ${active ? "" : "is-idle"}`}
        data-channel={channel}
      >
        <span className="trio num">
          <b data-testid="right">{units(stock.right)}</b>
          <span data-testid="held">{units(stock.held)}</span>
          <span data-testid="sold">{units(stock.sold)}</span>
        </span>
        <i className="bar" aria-hidden="true">
          <i style={{ transform: `scaleX(${share})` }} />
        </i>
      </span>
    );
  },
  // A second more or less on the clock draws the same cell.
  (a, b) =>
    a.channel === b.channel &&
    a.stock.right === b.stock.right &&
    a.stock.held === b.stock.held &&
    a.stock.sold === b.stock.sold &&
    levelOf(free(a.stock), a.seconds, a.couldGive) === levelOf(free(b.stock), b.seconds, b.couldGive),
);
