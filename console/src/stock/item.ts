import type { StockView } from "../api/types";

/** What one channel has of an item, in units. */
export interface ChannelStock {
  /** The most that the channel may still sell, what buyers hold of it included. */
  right: number;
  held: number;
  /** Confirmed for orders and not yet shipped. */
  sold: number;
  /** Sold beyond the right; anything but 0 is an incident. */
  debt: number;
}

/** One item's stock as the Live page shows it. */
export interface ItemStock {
  sku: string;
  version: number;
  available: number;
  unallocated: number;
  reserve: number;
  held: number;
  sold: number;
  debt: number;
  channels: ReadonlyMap<string, ChannelStock>;
}

const NOTHING: ChannelStock = { right: 0, held: 0, sold: 0, debt: 0 };

/** Read the accounts of all locations into the page's own words. */
export function toItem(view: StockView): ItemStock {
  const channels = new Map<string, ChannelStock>();
  const change = (name: string, part: Partial<ChannelStock>) => {
    const now = channels.get(name) ?? { ...NOTHING };
    for (const key of Object.keys(part) as (keyof ChannelStock)[]) now[key] += part[key] ?? 0;
    channels.set(name, now);
  };
  let unallocated = 0;
  let reserve = 0;
  let debt = 0;
  for (const { account, posted, held } of view.accounts) {
    const colon = account.indexOf(":");
    const kind = colon < 0 ? account : account.slice(0, colon);
    const name = account.slice(colon + 1);
    if (kind === "unallocated") unallocated += posted - held;
    else if (kind === "reserve") reserve += posted;
    else if (kind === "channel") change(name, { right: posted, held });
    else if (kind === "committed") change(name, { sold: posted });
    else if (kind === "oversold" && posted !== 0) {
      // The account lies outside, so a debt is what it is short of zero.
      change(name, { debt: Math.abs(posted) });
      debt += Math.abs(posted);
    }
  }
  return {
    sku: view.sku,
    version: view.version,
    available: view.available,
    unallocated,
    reserve,
    held: view.held,
    sold: view.committed,
    debt,
    channels,
  };
}

/** The item's part of a channel; zeros when it has none. */
export function channelOf(item: ItemStock, channel: string): ChannelStock {
  return item.channels.get(channel) ?? NOTHING;
}

/** What of a channel's right nobody holds. */
export function free(stock: ChannelStock): number {
  return stock.right - stock.held;
}
