import type { StockView } from "../api/types";
import { applied, type Move } from "../moves/move";
import { type ItemStock, toItem } from "../stock/item";
import { Pace, type Point } from "../stock/pace";
import { type Judged, judge, ordered, secondsLeft } from "../stock/urgency";

/** One line of the page. */
export interface Row extends Judged {
  /** Moves that were sent and are not in the feed yet. */
  pending: number;
  channelSeconds: ReadonlyMap<string, number | null>;
}

interface Pending {
  id: string;
  move: Move;
  /** Every move has `unallocated` at one end: when it changes, the feed has caught up. */
  unallocatedBefore: number;
}

type Listener = () => void;

/** The stock on the screen: the feed's newest values with the moves under way put on top. */
export class StockStore {
  private readonly items = new Map<string, ItemStock>();
  private readonly paces = new Map<string, Pace>();
  private readonly rows = new Map<string, Row>();
  private readonly dirty = new Set<string>();
  private readonly pending = new Map<string, Pending[]>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly orderListeners = new Set<Listener>();
  private order: readonly string[] = [];
  private orderIsStale = false;

  /** Put a snapshot in the place of everything. */
  restart(views: StockView[], now: number): void {
    const there = new Set(views.map((view) => view.sku));
    for (const sku of this.items.keys()) if (!there.has(sku)) this.forget(sku);
    for (const view of views) this.receive(view, now);
  }

  /** Take in one value; nothing is shown before `flush`. */
  receive(view: StockView, now: number): void {
    const item = toItem(view);
    const known = this.items.get(item.sku);
    if (known && known.version > item.version) return;
    this.items.set(item.sku, item);
    const pace = this.paces.get(item.sku);
    if (pace) pace.see(item, now);
    else this.paces.set(item.sku, new Pace(item, now));
    if (!known) this.orderIsStale = true;
    const waiting = this.pending.get(item.sku);
    if (waiting) {
      const left = waiting.filter((each) => each.unallocatedBefore === item.unallocated);
      this.setPending(item.sku, left);
    }
    this.dirty.add(item.sku);
  }

  /** Have lines for items that never had stock: the feed tells of stock alone. */
  know(skus: Iterable<string>, now: number): void {
    const nothing = { on_hand: 0, available: 0, held: 0, committed: 0, accounts: [], version: 0 };
    for (const sku of skus) if (!this.items.has(sku)) this.receive({ sku, ...nothing }, now);
  }

  /** Show a move before it is answered. */
  expect(id: string, move: Move): void {
    const item = this.items.get(move.sku);
    if (!item) return;
    const waiting = this.pending.get(move.sku) ?? [];
    this.setPending(move.sku, [...waiting, { id, move, unallocatedBefore: item.unallocated }]);
    this.dirty.add(move.sku);
  }

  /** A move is in the feed, or was refused: show what is true. */
  settle(id: string, sku: string): void {
    const waiting = this.pending.get(sku);
    if (!waiting) return;
    this.setPending(
      sku,
      waiting.filter((each) => each.id !== id),
    );
    this.dirty.add(sku);
  }

  /** Work out the changed lines and tell who shows them; called once a frame. */
  flush(now: number): void {
    if (this.orderIsStale) this.sort(now);
    for (const sku of this.dirty) {
      const row = this.rowOf(sku, now);
      if (!row) continue;
      this.rows.set(sku, row);
      for (const listener of this.listeners.get(sku) ?? []) listener();
    }
    this.dirty.clear();
  }

  /** Time alone changes speeds: work out again what has one. */
  tick(): void {
    for (const row of this.rows.values()) {
      if (row.perMinute === null || row.perMinute > 0) this.dirty.add(row.item.sku);
    }
  }

  /** Put the lines in order of urgency. */
  sort(now: number): void {
    this.orderIsStale = false;
    const judged: Judged[] = [];
    for (const sku of this.items.keys()) {
      const row = this.rowOf(sku, now);
      if (!row) continue;
      this.rows.set(sku, row);
      judged.push(row);
    }
    const order = ordered(judged);
    if (order.length === this.order.length && order.every((sku, at) => sku === this.order[at])) return;
    this.order = order;
    for (const listener of this.orderListeners) listener();
  }

  row(sku: string): Row | undefined {
    return this.rows.get(sku);
  }

  skus(): readonly string[] {
    return this.order;
  }

  history(sku: string): readonly Point[] {
    return this.paces.get(sku)?.history ?? [];
  }

  watch(sku: string, listener: Listener): () => void {
    let set = this.listeners.get(sku);
    if (!set) {
      set = new Set();
      this.listeners.set(sku, set);
    }
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0) this.listeners.delete(sku);
    };
  }

  watchOrder(listener: Listener): () => void {
    this.orderListeners.add(listener);
    return () => this.orderListeners.delete(listener);
  }

  private setPending(sku: string, waiting: Pending[]): void {
    if (waiting.length) this.pending.set(sku, waiting);
    else this.pending.delete(sku);
  }

  private forget(sku: string): void {
    this.items.delete(sku);
    this.paces.delete(sku);
    this.rows.delete(sku);
    this.pending.delete(sku);
    this.orderIsStale = true;
  }

  private rowOf(sku: string, now: number): Row | undefined {
    const known = this.items.get(sku);
    const pace = this.paces.get(sku);
    if (!known || !pace) return undefined;
    const waiting = this.pending.get(sku) ?? [];
    const item = waiting.reduce((stock, each) => applied(stock, each.move), known);
    const channelSeconds = new Map<string, number | null>();
    for (const [name, stock] of item.channels) {
      channelSeconds.set(name, secondsLeft(stock.right - stock.held, pace.channelPerMinute(name, now)));
    }
    return { ...judge(item, pace.perMinute(now)), pending: waiting.length, channelSeconds };
  }
}
