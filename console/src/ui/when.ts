import { clock, two } from "../i18n/format";

/** A moment in the reader's own time zone: `2026-11-25 20:15:03`. */
export function dateTime(text: string): string {
  const at = new Date(text);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${clock(at)}`;
}
