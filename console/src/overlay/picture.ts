export type Theme = "night" | "paper" | "festive" | "clear";
export type Layout = "card" | "bar";
export type Language = "zh" | "en";

/** An item as the server tells it. */
export interface Item {
  position: number;
  name: string;
  remaining: number;
  total: number;
  state: "on_sale" | "sold_out";
  /** The next drop, by the server's clock. */
  next?: { opens_at_ms: number; units: number };
}

/** The whole as the server tells it. */
export interface Snapshot {
  theme: Theme;
  layout: Layout;
  place: string;
  language: Language;
  items: Item[];
}

/** An item with what the page remembers of it. */
export interface Shown extends Item {
  /** Units that came in, while the moment of their coming is shown. */
  restocked: number;
  restockedUntil: number;
}

export interface Picture extends Omit<Snapshot, "items"> {
  items: Shown[];
}

export const RESTOCKED_MS = 8_000;
/** At a quarter of the whole, what is left becomes news. */
const LOW_PART = 0.25;

export function isLow(item: Item): boolean {
  return item.remaining > 0 && item.remaining <= Math.max(1, item.total * LOW_PART);
}

/** The part of the bar that is filled; something that is left is always seen. */
export function partLeft(item: Item): number {
  return item.remaining === 0 ? 0 : Math.max(0.02, Math.min(1, item.remaining / Math.max(1, item.total)));
}

/** A new whole; what came in while nobody listened is news still. */
export function withSnapshot(old: Picture | null, snapshot: Snapshot, now: number): Picture {
  const items = [...snapshot.items].sort((one, other) => one.position - other.position);
  const before = (item: Item) =>
    old?.items.find((shown) => shown.position === item.position && shown.name === item.name);
  return { ...snapshot, items: items.map((item) => remembering(before(item), item, now)) };
}

/** The same with changed items. */
export function withChanges(old: Picture, changed: Item[], now: number): Picture {
  const items = old.items.map((shown) => {
    const item = changed.find((candidate) => candidate.position === shown.position);
    return item ? remembering(shown, item, now) : shown;
  });
  return { ...old, items };
}

/**
 * Units that come back from an unpaid order leave the total as it was, and are no restock: that word is kept for
 * goods that came in.
 */
function remembering(old: Shown | undefined, item: Item, now: number): Shown {
  if (!old) return { ...item, restocked: 0, restockedUntil: 0 };
  if (item.total > old.total && item.remaining > old.remaining) {
    const shownStill = old.restockedUntil > now ? old.restocked : 0;
    return { ...item, restocked: shownStill + item.total - old.total, restockedUntil: now + RESTOCKED_MS };
  }
  return { ...item, restocked: old.restocked, restockedUntil: old.restockedUntil };
}
