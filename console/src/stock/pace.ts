import type { ItemStock } from "./item";

/** Sales speed is worked out over this much of the past. */
export const WINDOW_MS = 60_000;
/** Before this much has been watched there is no speed to tell. */
export const WARM_UP_MS = 10_000;
const SAMPLE_MS = 2_000;
const HISTORY = 300;

interface Sample {
  at: number;
  taken: number;
}

/** Counts what buyers take from one place and tells how fast that goes. */
class Meter {
  private taken = 0;
  private readonly samples: Sample[] = [];

  constructor(private readonly since: number) {
    this.samples.push({ at: since, taken: 0 });
  }

  add(units: number, now: number): void {
    if (units === 0) return;
    this.taken += units;
    const last = this.samples.at(-1);
    const before = this.samples.at(-2);
    if (last && before && last.at - before.at < SAMPLE_MS && this.samples.length > 1) {
      last.at = now;
      last.taken = this.taken;
    } else {
      this.samples.push({ at: now, taken: this.taken });
    }
    while (this.samples.length > 2 && (this.samples[1]?.at ?? now) < now - WINDOW_MS) this.samples.shift();
  }

  /** Units per minute; null while too little was seen. */
  perMinute(now: number): number | null {
    const watched = now - this.since;
    if (watched < WARM_UP_MS) return null;
    const span = Math.min(watched, WINDOW_MS);
    const from = now - span;
    let taken = 0;
    for (const sample of this.samples) {
      if (sample.at > from) break;
      taken = sample.taken;
    }
    return Math.max(0, ((this.taken - taken) / span) * 60_000);
  }
}

export interface Point {
  at: number;
  available: number;
}

/** The speeds of one item, all told and by channel, and its recent past for the chart. */
export class Pace {
  private readonly total: Meter;
  private readonly channels = new Map<string, Meter>();
  readonly history: Point[] = [];
  private last: ItemStock;

  constructor(
    first: ItemStock,
    private readonly since: number,
  ) {
    this.last = first;
    this.total = new Meter(since);
    this.note(first, since);
  }

  /** Take in the newest state. */
  see(item: ItemStock, now: number): void {
    for (const [name, stock] of item.channels) {
      const before = this.last.channels.get(name) ?? { held: 0, sold: 0 };
      // Shipping takes from what is sold and is no buyer's giving back.
      const units = stock.held - before.held + Math.max(0, stock.sold - before.sold);
      if (units === 0) continue;
      let meter = this.channels.get(name);
      if (!meter) {
        meter = new Meter(this.since);
        this.channels.set(name, meter);
      }
      meter.add(units, now);
      this.total.add(units, now);
    }
    this.last = item;
    this.note(item, now);
  }

  perMinute(now: number): number | null {
    return this.total.perMinute(now);
  }

  channelPerMinute(channel: string, now: number): number | null {
    const meter = this.channels.get(channel);
    if (meter) return meter.perMinute(now);
    return now - this.since < WARM_UP_MS ? null : 0;
  }

  private note(item: ItemStock, now: number): void {
    const last = this.history.at(-1);
    if (last && now - last.at < SAMPLE_MS) {
      last.available = item.available;
      return;
    }
    this.history.push({ at: now, available: item.available });
    if (this.history.length > HISTORY) this.history.shift();
  }
}
