/** What the server says of itself between changes. */
export interface Pulse {
  /** The server's clock when it was sent. */
  at_ms: number;
  /** How old the oldest change sent with it was; null when nothing changed. */
  lag_ms: number | null;
}

const KEPT = 300;
const OFFSETS_KEPT = 60;

/**
 * Measures the way of a change from its commit to the screen.
 *
 * The clocks of the server and of this machine differ by an unknown amount. The quickest of the last pulses
 * stands for that difference, so what a message took beyond the quickest one is counted as lag.
 */
export class LagMeter {
  private readonly offsets: number[] = [];
  private readonly lags: number[] = [];

  /** Note a pulse and when it came in. */
  heard(pulse: Pulse, receivedAt: number): void {
    this.offsets.push(receivedAt - pulse.at_ms);
    if (this.offsets.length > OFFSETS_KEPT) this.offsets.shift();
  }

  /** Note that the changes sent with a pulse are on the screen. */
  shown(pulse: Pulse, paintedAt: number): void {
    if (pulse.lag_ms === null || this.offsets.length === 0) return;
    const sentAt = pulse.at_ms + Math.min(...this.offsets);
    this.lags.push(Math.max(0, paintedAt - sentAt) + pulse.lag_ms);
    if (this.lags.length > KEPT) this.lags.shift();
  }

  /** The lag in milliseconds that a share of the last ones did not exceed; null while there is none. */
  quantile(share: number): number | null {
    if (this.lags.length === 0) return null;
    const ranked = [...this.lags].sort((a, b) => a - b);
    return ranked[Math.min(ranked.length - 1, Math.floor(share * ranked.length))] ?? null;
  }
}
