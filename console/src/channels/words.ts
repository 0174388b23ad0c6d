import type { ManifestDocument } from "../api/types";
import { clock, two } from "../i18n/format";
import type { Language } from "../i18n/translate";

/** A platform as people call it. */
export function titleOf(
  manifest: ManifestDocument | undefined,
  platform: string,
  language: Language,
): string {
  if (!manifest) return platform;
  return language === "zh" ? manifest.title_zh : manifest.title;
}

/** A time of today by the clock, an older one with its day. */
export function moment(time: string, now = new Date()): string {
  const date = new Date(time);
  if (date.toDateString() === now.toDateString()) return clock(date);
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(date).slice(0, 5)}`;
}
