import { free, type ItemStock } from "./item";

/** From what can wait to what cannot. */
export type Level = "calm" | "watch" | "urgent";

export const URGENT_S = 60;
export const WATCH_S = 300;

/** Seconds until nothing is left at this speed; null when it does not sell. */
export function secondsLeft(units: number, perMinute: number | null): number | null {
  if (units <= 0) return 0;
  if (!perMinute) return null;
  return (units / perMinute) * 60;
}

/** How soon somebody has to do something about an amount. */
export function levelOf(units: number, seconds: number | null, wanted: boolean): Level {
  if (units <= 0) return wanted ? "urgent" : "calm";
  if (seconds === null) return "calm";
  return seconds < URGENT_S ? "urgent" : seconds < WATCH_S ? "watch" : "calm";
}

export interface Judged {
  item: ItemStock;
  perMinute: number | null;
  seconds: number | null;
  level: Level;
}

/** Judge an item as a whole; one that is out calls for help only while there is something to open. */
export function judge(item: ItemStock, perMinute: number | null): Judged {
  const seconds = secondsLeft(item.available, perMinute);
  let level = levelOf(item.available, seconds, item.reserve > 0);
  if (item.debt > 0) level = "urgent";
  if (level === "calm" && starving(item)) level = "watch";
  return { item, perMinute, seconds, level };
}

/** A channel sells nothing more while there are units to give it. */
function starving(item: ItemStock): boolean {
  if (item.unallocated <= 0) return false;
  return [...item.channels.values()].some((stock) => free(stock) <= 0 && stock.sold + stock.held > 0);
}

const RANK: Record<Level, number> = { urgent: 0, watch: 1, calm: 2 };
const IDLE = 1e12;
const GONE = 2e12;

function patience({ item, seconds, level }: Judged): number {
  if (item.available <= 0 && level === "calm") return GONE;
  return seconds ?? IDLE;
}

/** Codes of the items, the most urgent first; what is alike keeps the order of its code, so that lines stand still. */
export function ordered(judged: Iterable<Judged>): string[] {
  return [...judged]
    .sort(
      (a, b) =>
        RANK[a.level] - RANK[b.level] || patience(a) - patience(b) || (a.item.sku < b.item.sku ? -1 : 1),
    )
    .map((each) => each.item.sku);
}
