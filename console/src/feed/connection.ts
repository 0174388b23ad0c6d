import type { StockView } from "../api/types";
import type { Pulse } from "./lag";

export type Line = "connecting" | "live" | "lost";

/** What the page needs of an event source, so that a test can play one. */
export interface Source {
  addEventListener(name: string, listener: (event: { data: string; lastEventId: string }) => void): void;
  onerror: ((event: unknown) => void) | null;
  close(): void;
}

export interface Hands {
  open(url: string): Source;
  now(): number;
  random(): number;
  later(run: () => void, ms: number): unknown;
  cancel(timer: unknown): void;
}

export interface Ears {
  snapshot(items: StockView[]): void;
  stock(view: StockView): void;
  pulse(pulse: Pulse): void;
  /** A show, a drop or the like was changed. */
  document(kind: string, id: string): void;
  line(line: Line): void;
}

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8_000;
/** The server speaks every two seconds: silence for longer means that the line is dead, whatever TCP thinks. */
export const SILENCE_MS = 6_000;

/** How long to wait before a try; scattered, so that a hundred screens do not come back in the same instant. */
export function waitBefore(tries: number, random: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10)) * (0.5 + random / 2);
}

/** The feed over one event source after the other: snapshot, then changes, and after a break only what is newer. */
export class FeedConnection {
  private source: Source | null = null;
  private cursor = "";
  private tries = 0;
  private timer: unknown = null;
  private watchdog: unknown = null;
  private closed = false;
  private openedAt = 0;
  /** When the server was heard last. */
  heardAt = 0;

  constructor(
    private readonly hands: Hands,
    private readonly ears: Ears,
  ) {}

  open(): void {
    this.closed = false;
    this.connect();
  }

  /** Try at once: the network is back, or somebody looks at the page again. */
  hurry(): void {
    if (this.closed || this.source) return;
    this.hands.cancel(this.timer);
    this.connect();
  }

  close(): void {
    this.closed = true;
    this.hands.cancel(this.timer);
    this.drop();
  }

  private connect(): void {
    this.ears.line("connecting");
    const cursor = this.cursor ? `&last_event_id=${this.cursor}` : "";
    const source = this.hands.open(`/v1/feed?pulse=true&documents=true${cursor}`);
    this.source = source;
    this.openedAt = this.hands.now();
    source.addEventListener("snapshot", (event) => {
      this.heard(event.lastEventId);
      this.ears.snapshot((JSON.parse(event.data) as { items: StockView[] }).items);
    });
    source.addEventListener("stock", (event) => {
      this.heard(event.lastEventId);
      this.ears.stock(JSON.parse(event.data) as StockView);
    });
    source.addEventListener("pulse", (event) => {
      this.heard("");
      this.ears.pulse(JSON.parse(event.data) as Pulse);
    });
    source.addEventListener("document", (event) => {
      this.heard("");
      const { kind, id } = JSON.parse(event.data) as { kind: string; id: string };
      this.ears.document(kind, id);
    });
    source.onerror = () => this.lose();
    this.watch();
  }

  private heard(cursor: string): void {
    if (cursor) this.cursor = cursor;
    this.heardAt = this.hands.now();
    if (this.tries >= 0) {
      this.tries = -1;
      this.ears.line("live");
    }
  }

  private watch(): void {
    this.hands.cancel(this.watchdog);
    this.watchdog = this.hands.later(() => {
      if (this.hands.now() - Math.max(this.openedAt, this.heardAt) >= SILENCE_MS) this.lose();
      else if (this.source) this.watch();
    }, SILENCE_MS / 2);
  }

  private lose(): void {
    if (this.closed || !this.source) return;
    this.drop();
    this.tries = Math.max(0, this.tries) + 1;
    this.ears.line("lost");
    this.timer = this.hands.later(() => this.connect(), waitBefore(this.tries - 1, this.hands.random()));
  }

  private drop(): void {
    this.hands.cancel(this.watchdog);
    this.source?.close();
    this.source = null;
  }
}
