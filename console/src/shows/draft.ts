import type { RundownItemBody, RundownItemDocument, ShowBody, ShowDocument, Strategy } from "../api/types";
import { free, type ItemStock } from "../stock/item";

export const STRATEGIES: readonly Strategy[] = ["shared", "reserve", "drops", "flash"];

/** What of a show is planned, without what happened to it. */
export function planOf(show: ShowDocument): ShowBody {
  return {
    name: show.name,
    channels: show.channels,
    starts_at: show.starts_at,
    ends_at: show.ends_at,
    items: show.items.map(itemBody),
  };
}

/** What a person plans of an item. */
export function itemBody(item: RundownItemDocument): RundownItemBody {
  const { sku, planned, strategy, reserve_percent, limits, script, minutes, opening } = item;
  return { sku, planned, strategy, reserve_percent, limits, script, minutes, opening };
}

/** Whether two plans say the same. */
export function samePlan(one: ShowBody, other: ShowBody): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The items with one of them in another place. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const next = [...items];
  const [item] = next.splice(from, 1);
  if (item !== undefined) next.splice(Math.max(0, Math.min(next.length, to)), 0, item);
  return next;
}

/** Percent that the server proposes: 10 to 20, the fewer units a channel has the more. */
export function proposedPercent(planned: number, channels: number): number {
  const each = Math.max(1, planned / Math.max(1, channels));
  return Math.max(10, Math.min(20, 10 + Math.round(100 / Math.sqrt(each))));
}

/** Units that the show can sell of an item: its channels' rights, the reserve, and what is unallocated. */
export function sellable(stock: ItemStock, channels: readonly string[]): number {
  let units = stock.unallocated + stock.reserve;
  for (const name of channels) {
    const there = stock.channels.get(name);
    if (there) units += free(there);
  }
  return units;
}

/** Units to keep back of an item at the start. */
export function reserveUnits(item: RundownItemBody, channels: number): number {
  if (item.strategy !== "reserve") return 0;
  return Math.floor((item.planned * (item.reserve_percent ?? proposedPercent(item.planned, channels))) / 100);
}

/** A code for a show that nobody chose one for: its day and a few letters. */
export function newShowId(starts: Date, random: () => number = Math.random): string {
  const day = starts.toISOString().slice(0, 10).replaceAll("-", "");
  return `show-${day}-${Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, "0")}`;
}

/** A moment as the field for date and time has it, in the reader's time zone. */
export function localTime(text: string | Date): string {
  const at = new Date(text);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
