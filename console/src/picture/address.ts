const BLANK = String.raw`\0-\x20\x7f\xa0\u200b\u2060\u3000\ufeff`;
const ADDRESS = new RegExp(
  `^(https?://[^${BLANK}/?#]|data:image/(gif|jpeg|png|svg\\+xml|webp)[;,])[^${BLANK}]*$`,
);
export const ADDRESS_CHARACTERS_MAX = 2_048;
const SHOWN = 60;

/** Whether the server takes this as the address of a picture. */
export function isPicture(text: string): boolean {
  return text.length <= ADDRESS_CHARACTERS_MAX && ADDRESS.test(text);
}

/** A long address, which nobody reads to its end, cut for showing. */
export function shortAddress(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** What stands for an item without a picture: the first letter of its name. */
export function initialOf(name: string): string {
  return /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? "·";
}
