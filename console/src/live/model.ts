import { FeedConnection, type Hands, type Line, type Source } from "../feed/connection";
import { LagMeter, type Pulse } from "../feed/lag";
import { StockStore } from "../feed/store";
import { MoveDesk } from "../moves/desk";
import type { Move } from "../moves/move";

const SORT_MS = 2_000;
const TICK_MS = 1_000;
/** After the mouse moved over the lines they stand still for so long, so that none slips from under a click. */
const STILL_MS = 1_500;
/** The feed brings a move within milliseconds; if it does not, the answer alone has to do. */
const CATCH_UP_MS = 1_500;

const hands: Hands = {
  open: (url) => new EventSource(url) as unknown as Source,
  now: () => Date.now(),
  random: () => Math.random(),
  later: (run, ms) => setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer as number),
};

/** Wall time with the fractions that `Date.now` leaves out. */
function fine(): number {
  return performance.timeOrigin + performance.now();
}

/** Everything that lives as long as the page does: feed, stock, moves and the beat of the screen. */
export class LiveModel {
  readonly store = new StockStore();
  readonly lag = new LagMeter();
  readonly desk: MoveDesk;
  line: Line = "connecting";
  /** Whether there ever was a snapshot. */
  loaded = false;
  /** While a move is being made the lines keep their places. */
  held = false;
  private readonly feed: FeedConnection;
  private readonly lineListeners = new Set<() => void>();
  private readonly timers: number[] = [];
  private frame = 0;
  private pulses: Pulse[] = [];
  private touchedAt = 0;

  /**
   * `changed` hears which kind of document changed; null when the line stands again, as nobody told of changes before.
   */
  constructor(answered: (move: Move) => void, lost: () => void, changed: (kind: string | null) => void) {
    this.desk = new MoveDesk(
      {
        expect: (id, move) => this.show(() => this.store.expect(id, move)),
        settle: (id, sku) => this.show(() => this.store.settle(id, sku)),
      },
      (id, move) => {
        answered(move);
        setTimeout(() => this.show(() => this.store.settle(id, move.sku)), CATCH_UP_MS);
      },
    );
    this.feed = new FeedConnection(hands, {
      snapshot: (items) => {
        this.loaded = true;
        this.show(() => this.store.restart(items, Date.now()));
        this.tellLine();
      },
      stock: (view) => this.show(() => this.store.receive(view, Date.now())),
      pulse: (pulse) => {
        this.lag.heard(pulse, fine());
        if (pulse.lag_ms !== null) this.show(() => this.pulses.push(pulse));
      },
      document: (kind) => changed(kind),
      line: (line) => {
        this.line = line;
        if (line === "lost") lost();
        // What was read before the line stood may be old already, the first time too.
        if (line === "live") changed(null);
        this.tellLine();
      },
    });
  }

  start(): () => void {
    this.feed.open();
    const hurry = () => this.feed.hurry();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    this.timers.push(
      window.setInterval(() => this.show(() => this.store.tick()), TICK_MS),
      window.setInterval(() => this.sort(), SORT_MS),
    );
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      for (const timer of this.timers.splice(0)) clearInterval(timer);
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      this.feed.close();
    };
  }

  /** These items exist, whether or not they ever had stock. */
  know(skus: Iterable<string>): void {
    this.show(() => this.store.know(skus, Date.now()));
  }

  get heardAt(): number {
    return this.feed.heardAt;
  }

  watchLine(listener: () => void): () => void {
    this.lineListeners.add(listener);
    return () => this.lineListeners.delete(listener);
  }

  /** The mouse is over the lines. */
  touch(): void {
    this.touchedAt = Date.now();
  }

  private sort(): void {
    if (this.held || Date.now() - this.touchedAt < STILL_MS) return;
    this.store.sort(Date.now());
  }

  private tellLine(): void {
    for (const listener of this.lineListeners) listener();
  }

  /** However many changes arrive, the screen is worked out once a frame. */
  private show(change: () => void): void {
    change();
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.store.flush(Date.now());
      const pulses = this.pulses;
      this.pulses = [];
      if (pulses.length) afterPaint(() => this.shown(pulses));
    });
  }

  private shown(pulses: Pulse[]): void {
    const now = fine();
    for (const pulse of pulses) this.lag.shown(pulse, now);
  }
}

/** A message posted from a frame is delivered when that frame has been painted. */
function afterPaint(run: () => void): void {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    run();
  };
  channel.port2.postMessage(null);
}
