import { two } from "../../i18n/format";

const DAY_MS = 24 * 3_600_000;

/** A stretch of time, as the API takes it. */
export interface Span {
  from: string;
  to: string;
}

/** So many days up to a moment. */
export function lastDays(now: Date, days: number): Span {
  return { from: new Date(now.getTime() - days * DAY_MS).toISOString(), to: now.toISOString() };
}

export const lastWeek = (now: Date): Span => lastDays(now, 7);

/** A moment as a date field takes it, in the reader's own time zone. */
export function field(text: string): string {
  const at = new Date(text);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
