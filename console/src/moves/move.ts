import { channelOf, free, type ItemStock } from "../stock/item";

export type MoveKind = "add" | "give" | "recall" | "open_reserve" | "freeze" | "unfreeze" | "auto";

/** How a channel that sells from a counter of its own is moved: by the rule of its listing. */
export interface Steering {
  listing: string;
  /** The right to be held, in units; null: the allocation decides. */
  fixed: number | null;
  before: number | null;
}

/** What an operator wants done to one item. */
export interface Move {
  kind: MoveKind;
  sku: string;
  quantity: number;
  /** The channel that gets or loses units; empty for moves that know none. */
  channel: string;
  steering?: Steering;
  /** Whether it takes another move back. */
  undoes?: boolean;
}

/** Kinds that move units; the others switch something. */
export function movesUnits(kind: MoveKind): boolean {
  return kind !== "freeze" && kind !== "unfreeze" && kind !== "auto";
}

export interface Leg {
  from: string;
  to: string;
  reason: string;
}

/** The transfer that a move is. */
export function legOf(move: Move): Leg {
  const channel = `channel:${move.channel}`;
  const legs: Record<string, Leg> = {
    add: { from: "supplier", to: "unallocated", reason: "received" },
    give: { from: "unallocated", to: channel, reason: "allocate" },
    recall: { from: channel, to: "unallocated", reason: "recall" },
    open_reserve: { from: "reserve", to: "unallocated", reason: "open reserve" },
  };
  const leg = legs[move.kind];
  if (!leg) throw new Error(`${move.kind} is no transfer`);
  return move.undoes ? { from: leg.to, to: leg.from, reason: `undo ${leg.reason}` } : leg;
}

/** The move that puts things back. */
export function inverse(move: Move): Move {
  if (move.kind === "freeze") return { ...move, kind: "unfreeze", undoes: true };
  if (move.kind === "unfreeze") return { ...move, kind: "freeze", undoes: true };
  if (!move.steering) return { ...move, undoes: true };
  const { fixed, before } = move.steering;
  return { ...move, steering: { ...move.steering, fixed: before, before: fixed }, undoes: true };
}

/** Units that a move could take from where it takes them; no bound for goods that come in. */
export function atMost(item: ItemStock, kind: MoveKind, channel: string): number {
  if (kind === "give") return Math.max(0, item.unallocated);
  if (kind === "recall") return Math.max(0, free(channelOf(item, channel)));
  if (kind === "open_reserve") return item.reserve;
  return 1_000_000_000;
}

/** What to offer first: a round share of what there is. */
export function suggested(item: ItemStock, kind: MoveKind, channel: string): number {
  const most = atMost(item, kind, channel);
  if (kind === "add") return 100;
  if (kind === "open_reserve") return most;
  return Math.min(most, Math.max(1, roundDown(most / 4)));
}

function roundDown(units: number): number {
  const step = units >= 100 ? 10 : units >= 20 ? 5 : 1;
  return Math.floor(units / step) * step;
}

/** The stock as it will be once a move is done. */
export function applied(item: ItemStock, move: Move): ItemStock {
  // A steered right moves when the platform has agreed, and the feed tells of it.
  if (!movesUnits(move.kind) || move.steering) return item;
  const { from, to } = legOf(move);
  return shift(shift(item, from, -move.quantity), to, move.quantity);
}

function shift(item: ItemStock, account: string, units: number): ItemStock {
  if (account === "unallocated") {
    return { ...item, unallocated: item.unallocated + units, available: item.available + units };
  }
  if (account === "reserve") return { ...item, reserve: item.reserve + units };
  if (!account.startsWith("channel:")) return item;
  const name = account.slice("channel:".length);
  const stock = channelOf(item, name);
  const channels = new Map(item.channels).set(name, { ...stock, right: stock.right + units });
  return { ...item, available: item.available + units, channels };
}

export interface Difference {
  /** `available`, `unallocated`, `reserve`, or a channel's name. */
  of: string;
  channel: boolean;
  from: number;
  to: number;
}

/** The preflight line: what a move will change. */
export function preflight(item: ItemStock, move: Move): Difference[] {
  if (move.steering) {
    const { right } = channelOf(item, move.channel);
    const { fixed } = move.steering;
    return fixed === null || fixed === right
      ? []
      : [{ of: move.channel, channel: true, from: right, to: fixed }];
  }
  const then = applied(item, move);
  const found: Difference[] = [];
  const add = (of: string, from: number, to: number, channel = false) => {
    if (from !== to) found.push({ of, channel, from, to });
  };
  add("available", item.available, then.available);
  add("unallocated", item.unallocated, then.unallocated);
  add("reserve", item.reserve, then.reserve);
  for (const name of then.channels.keys()) {
    add(name, channelOf(item, name).right, channelOf(then, name).right, true);
  }
  return found;
}

/** A giving or taking back as a rule for a listing: its right is held at what it has now, more or less. */
export function steered(move: Move, item: ItemStock, listing: string, before: number | null): Move {
  const { right } = channelOf(item, move.channel);
  const fixed = move.kind === "recall" ? Math.max(0, right - move.quantity) : right + move.quantity;
  return { ...move, steering: { listing, fixed, before } };
}
