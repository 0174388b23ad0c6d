import { isMessage, type Translate } from "../i18n/translate";

/** A result code in a word or two. */
export function codeWord(t: Translate, code: string): string {
  const key = `guards.code.${code}`;
  return isMessage(key) ? t(key) : code;
}

export const CODES = [
  "buyer_blocked",
  "ticket_required",
  "ticket_invalid",
  "ticket_expired",
  "ticket_used",
  "account_too_new",
  "too_fast",
  "address_shared",
  "purchase_limit_exceeded",
  "exposure_limit_reached",
  "speed_breaker_tripped",
  "insufficient_available",
  "sale_not_open",
  "sale_closed",
  "sku_frozen",
  "channel_frozen",
] as const;

const HASH_SHOWN = 8;

/** A buyer as they are called; of a hash as much as one needs to tell two apart. */
export function valueWord(kind: string, value: string): string {
  return kind === "buyer" ? value : `#${value.slice(0, HASH_SHOWN)}`;
}
