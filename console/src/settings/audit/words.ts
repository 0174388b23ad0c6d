import { isMessage, type Translate } from "../../i18n/translate";
import { shortAddress } from "../../picture/address";
import { dateTime } from "../../ui/when";

const ARROW = " -> ";

/** Our own word for something the server names, where there is one. */
export function wordOr(t: Translate, key: string, otherwise: string): string {
  return isMessage(key) ? t(key) : otherwise;
}

/** The facts of an entry, and what was changed from what to what. */
export function detailWords(t: Translate, detail: Readonly<Record<string, string | number>>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${field(t, name)}: ${changeWord(t, name, value)}`)
    .join(" · ");
}

function field(t: Translate, name: string): string {
  return wordOr(t, `audit.field.${name}`, name);
}

/** Two values in JSON beside an arrow as old → new; anything else as it stands. */
function changeWord(t: Translate, name: string, text: string | number): string {
  const change = typeof text === "string" ? twoValues(text) : null;
  if (!change) return String(text).replace("->", "→");
  return change.map((value) => valueWord(t, name, value)).join(" → ");
}

/** The old and the new value; a name may hold an arrow of its own, so each is tried. */
function twoValues(text: string): [unknown, unknown] | null {
  for (let at = text.indexOf(ARROW); at >= 0; at = text.indexOf(ARROW, at + 1)) {
    try {
      return [JSON.parse(text.slice(0, at)), JSON.parse(text.slice(at + ARROW.length))];
    } catch {
      // Not this one.
    }
  }
  return null;
}

function valueWord(t: Translate, name: string, value: unknown): string {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0))
    return t("audit.nothing");
  if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
  if (typeof value === "number") {
    if (name.endsWith("_cents")) return (value / 100).toFixed(2);
    if (name.endsWith("_at_us")) return dateTime(new Date(value / 1000).toISOString());
    return String(value);
  }
  if (Array.isArray(value)) return value.map((each) => valueWord(t, name, each)).join("，");
  if (name === "image_url") return shortAddress(String(value));
  if (typeof value === "object") return objectWord(t, value as Record<string, unknown>);
  return String(value);
}

function objectWord(t: Translate, value: Record<string, unknown>): string {
  const { sku, quantity, ...rest } = value;
  const part = sku !== undefined && quantity !== undefined ? [`${sku} × ${quantity}`] : [];
  const kept = part.length ? rest : value;
  return [
    ...part,
    ...Object.entries(kept).map(([name, each]) => `${field(t, name)} ${valueWord(t, name, each)}`),
  ].join(" ");
}
