import { Drawing } from "./draw";
import type { FeedEvent } from "./events";
import { OverlayLine } from "./line";
import { type Item, type Picture, type Snapshot, withChanges, withSnapshot } from "./picture";
import { wordsOf } from "./words";
import "./overlay.css";

const TICK_MS = 250;
/** A short break is nobody's business. */
const STALE_AFTER_MS = 2_500;

const drawing = new Drawing(document.body);
const began = Date.now();
let picture: Picture | null = null;
let state = "lost";
let aheadMs = 0;

const line = new OverlayLine(
  `${location.pathname}/feed`,
  {
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    random: () => Math.random(),
    later: (run, ms) => setTimeout(run, ms),
    cancel: (timer) => clearTimeout(timer as number),
  },
  {
    event: (event) => take(event),
    time: (ms) => {
      aheadMs = ms - Date.now();
    },
    state: (next) => {
      state = next;
      if (state === "ended") {
        drawing.clear();
        picture = picture && { ...picture, items: [] };
      }
      tick();
    },
  },
);

function take(event: FeedEvent): void {
  const now = Date.now();
  if (event.name === "snapshot") picture = withSnapshot(picture, JSON.parse(event.data) as Snapshot, now);
  else if (picture) picture = withChanges(picture, (JSON.parse(event.data) as { items: Item[] }).items, now);
  tick();
}

function tick(): void {
  const now = Date.now();
  if (picture) drawing.show(picture, now, aheadMs);
  drawing.note(noteAt(now));
}

/** What is to be said of the line: nothing while it works. */
function noteAt(now: number): string {
  const words = wordsOf(picture?.language ?? "zh");
  if (state === "ended") return words.ended;
  if (state === "live") return "";
  const quiet = now - (line.heardAt || began);
  if (quiet < STALE_AFTER_MS) return "";
  return picture ? words.age(Math.floor(quiet / 1000)) : words.connecting;
}

setInterval(tick, TICK_MS);
addEventListener("online", () => line.open());
line.open();
