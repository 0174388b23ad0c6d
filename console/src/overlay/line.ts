import { EventCutter, type FeedEvent } from "./events";

/** What the line needs of the world, so that a test can play one. */
export interface World {
  fetch(url: string, init: RequestInit): Promise<Response>;
  now(): number;
  random(): number;
  later(run: () => void, ms: number): unknown;
  cancel(timer: unknown): void;
}

export interface Listener {
  event(event: FeedEvent): void;
  /** What the server's clock said just now, in ms since 1970. */
  time(ms: number): void;
  /** `ended`: the address opens nothing any more, and there is no use in trying again. */
  state(state: "live" | "lost" | "ended"): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** The server speaks every five seconds: silence for longer means that the line is dead, whatever TCP thinks. */
export const SILENCE_MS = 12_000;

/** How long to wait before a try; scattered, so that a thousand pages do not come back in the same instant. */
export function waitBefore(tries: number, random: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10)) * (0.5 + random / 2);
}

/** The feed over one connection after the other; after a break the server is told which state is known. */
export class OverlayLine {
  private stateId = "";
  private tries = 0;
  private timer: unknown = null;
  private abort: AbortController | null = null;
  private over = false;
  /** When the server was heard last. */
  heardAt = 0;

  constructor(
    private readonly url: string,
    private readonly world: World,
    private readonly listener: Listener,
  ) {}

  /** Try at once: at the start, or when the network is back. */
  open(): void {
    if (this.over || this.abort) return;
    this.world.cancel(this.timer);
    const abort = new AbortController();
    this.abort = abort;
    this.watch(abort);
    this.read(abort).then(
      () => this.lose(abort),
      () => this.lose(abort),
    );
  }

  private async read(abort: AbortController): Promise<void> {
    const headers: Record<string, string> = this.stateId ? { "Last-Event-ID": this.stateId } : {};
    const answer = await this.world.fetch(this.url, { headers, signal: abort.signal, cache: "no-store" });
    if (answer.status === 404 || answer.status === 410) return this.end();
    if (!answer.ok || !answer.body) return;
    const told = Number(answer.headers.get("X-Holdfast-Time"));
    if (told > 0) this.listener.time(told);
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    const cutter = new EventCutter();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || abort.signal.aborted) return;
      this.heard();
      for (const event of cutter.take(decoder.decode(value, { stream: true }))) {
        if (event.name === "ended") return this.end();
        if (event.id) this.stateId = event.id;
        this.listener.event(event);
      }
    }
  }

  private heard(): void {
    this.heardAt = this.world.now();
    if (this.tries >= 0) {
      this.tries = -1;
      this.listener.state("live");
    }
  }

  private watch(abort: AbortController): void {
    const began = this.world.now();
    const look = () => {
      if (this.abort !== abort) return;
      const quiet = this.world.now() - Math.max(began, this.heardAt);
      if (quiet >= SILENCE_MS) {
        abort.abort();
        this.lose(abort);
      } else this.world.later(look, SILENCE_MS - quiet);
    };
    this.world.later(look, SILENCE_MS);
  }

  private lose(abort: AbortController): void {
    if (this.over || this.abort !== abort) return;
    this.abort = null;
    this.tries = Math.max(0, this.tries) + 1;
    this.listener.state("lost");
    this.timer = this.world.later(() => this.open(), waitBefore(this.tries - 1, this.world.random()));
  }

  private end(): void {
    this.over = true;
    this.abort?.abort();
    this.abort = null;
    this.listener.state("ended");
  }
}
