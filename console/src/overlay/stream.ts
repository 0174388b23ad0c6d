import { waitBefore } from "../feed/connection";

/** Takes a stream of events apart; a part of an event waits for its rest. */
export class EventParser {
  private rest = "";

  /** The data of the events that are whole now. */
  push(text: string): string[] {
    const blocks = (this.rest + text).split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks
      .map((block) => block.split("\n").filter((line) => line.startsWith("data: ")))
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.map((line) => line.slice("data: ".length)).join("\n"));
  }
}

/** The server speaks every five seconds. */
const SILENCE_MS = 12_000;

/** Read a stream for ever; an event source could not send the key. Waits longer after each failure. */
export async function follow(url: string, key: string, tell: (data: string) => void): Promise<never> {
  for (let tries = 0; ; tries++) {
    try {
      await readOnce(url, key, (data) => {
        tries = 0;
        tell(data);
      });
    } catch {
      // Cut off: the picture shows its age until there is news.
    }
    await new Promise((done) => setTimeout(done, waitBefore(tries, Math.random())));
  }
}

async function readOnce(url: string, key: string, tell: (data: string) => void): Promise<void> {
  const abort = new AbortController();
  let watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
  try {
    const headers = { Authorization: `Bearer ${key}` };
    const answer = await fetch(url, { headers, signal: abort.signal, credentials: "omit" });
    if (!answer.ok || !answer.body) return;
    const parser = new EventParser();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
      parser.push(value).forEach(tell);
    }
  } finally {
    clearTimeout(watchdog);
  }
}
