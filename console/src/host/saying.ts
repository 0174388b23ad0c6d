import type { MessageKey } from "../i18n/zh";
import type { Judged } from "../stock/urgency";

export type Mood = "plenty" | "fewer" | "last" | "refill" | "gone" | "paused";

/** What the host should make of the numbers; one thing at a time, the strongest first. */
export function moodOf({ item, level }: Judged, frozen: boolean): Mood {
  if (frozen) return "paused";
  if (item.available <= 0) return item.reserve > 0 ? "refill" : "gone";
  if (level === "urgent") return "last";
  return level === "watch" ? "fewer" : "plenty";
}

/** The message that says it. */
export function sayingOf(mood: Mood): MessageKey {
  return `host.say.${mood}`;
}

/** The item before or after another one, in the order of their codes, round and round. */
export function neighbour(skus: readonly string[], sku: string, by: 1 | -1): string {
  const sorted = [...skus].sort();
  const at = sorted.indexOf(sku);
  return sorted[(at + by + sorted.length) % sorted.length] ?? sku;
}
