import type { ImportChange, ImportMove } from "../../api/types";
import { units } from "../../i18n/format";
import { isMessage, type Translate } from "../../i18n/translate";
import { shortAddress } from "../../picture/address";
import { showCents } from "../item";

/** What a file without a period is given. */
const PERIOD_DEFAULT = "always";

/** A field's value as people write it. */
function value(t: Translate, field: string, raw: string | number | null): string {
  if (raw === null) return "–";
  if (field === "limit_period" && raw === PERIOD_DEFAULT) return t("import.always");
  if (field === "image") return shortAddress(String(raw));
  return (field === "price" || field === "cost") && typeof raw === "number" ? showCents(raw) : String(raw);
}

/** What is changed, and its old and new value. */
export function changeWords(t: Translate, { field, old, new: now }: ImportChange) {
  const key = `import.field.${field}`;
  return { name: isMessage(key) ? t(key) : field, old: value(t, field, old), now: value(t, field, now) };
}

/** A move of stock from where the operator stands: in, out, to a channel or back. */
export function moveWords(t: Translate, move: ImportMove, nameOf: (channel: string) => string): string {
  const n = units(move.quantity);
  if (move.from === "supplier") return t("import.move.in", { n });
  if (move.to === "adjustment") return t("import.move.out", { n });
  const given = move.from === "unallocated";
  const channel = nameOf((given ? move.to : move.from).replace(/^channel:/, ""));
  return t(given ? "import.move.give" : "import.move.take", { n, channel });
}

/** A refusal's code in the reader's language where we have words for it. */
export function problemCodeWord(t: Translate, code: string): string {
  const key = `code.${code}`;
  return isMessage(key) ? t(key) : code;
}
