const NUMBER = new Intl.NumberFormat("en-US");

/** Units with their thousands apart, the same in both languages. */
export function units(value: number): string {
  return NUMBER.format(value);
}

/** A speed: one digit behind the point while it is small. */
export function speed(perMinute: number): string {
  return perMinute >= 10 || perMinute === 0 ? NUMBER.format(Math.round(perMinute)) : perMinute.toFixed(1);
}

/** A span as a clock would show it: `0:42`, `12:05`, `3h10`, `2d`. */
export function span(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole >= 2 * 86_400) return `${Math.floor(whole / 86_400)}d`;
  if (whole >= 3_600) return `${Math.floor(whole / 3_600)}h${two(Math.floor(whole / 60) % 60)}`;
  return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

/** The time of day. */
export function clock(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
}

/** A lag in seconds, in the unit that reads best. */
export function lag(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)}ms` : `${seconds.toFixed(seconds < 10 ? 1 : 0)}s`;
}

/** Two digits, as clocks and dates have them. */
export function two(value: number): string {
  return String(value).padStart(2, "0");
}
