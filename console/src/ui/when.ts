const two = (value: number) => String(value).padStart(2, "0");

/** A moment in the reader's own time zone: `2026-11-25 20:15:03`. */
export function dateTime(text: string): string {
  const at = new Date(text);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
}
