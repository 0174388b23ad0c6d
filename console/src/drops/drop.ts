import type { DropBody, DropDocument, ItemLimits } from "../api/types";
import type { Translate } from "../i18n/translate";

export const FILTERS = ["coming", "closed", "all"] as const;
export type Filter = (typeof FILTERS)[number];

export const LIMITS = ["per_order", "per_buyer", "per_buyer_across_channels"] as const;
/** A gate's name, or nothing. */
export const GATE = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?$/;

export interface Draft {
  id: string;
  sku: string;
  units: Record<string, string>;
  opens: string;
  closes: string;
  leftover: "return" | "stay";
  limits: Partial<Record<(typeof LIMITS)[number], string>>;
  gate: string;
  lock: boolean;
}

/** Whether nothing can happen to it any more. */
export const isOver = (drop: DropDocument) => drop.status === "closed" || drop.status === "cancelled";

/** The drops of a filter; what is over comes last one first. */
export function filtered(drops: readonly DropDocument[], filter: Filter): DropDocument[] {
  if (filter === "all") return [...drops];
  if (filter === "coming") return drops.filter((drop) => !isOver(drop));
  return drops.filter(isOver).reverse();
}

/** The next drop of an item whose units are locked; the list comes in the order of opening. */
export function nextOf(drops: readonly DropDocument[], sku: string): DropDocument | undefined {
  return drops.find((drop) => drop.sku === sku && drop.status === "locked");
}

/** Units of each channel that were given any. */
export function given(units: Record<string, string>): Record<string, number> {
  const entries = Object.entries(units).filter(([, text]) => text?.trim());
  return Object.fromEntries(entries.map(([channel, text]) => [channel, Number(text)]));
}

/** The units of all channels together. */
export const total = (units: Record<string, string>) =>
  Object.values(given(units)).reduce((sum, each) => sum + (Number.isFinite(each) ? each : 0), 0);

/** The limits that were filled in; null for none. */
function limitsOf(draft: Draft): ItemLimits | null {
  const entries = LIMITS.map((name) => [name, draft.limits[name]?.trim()] as const).filter(
    ([, text]) => text,
  );
  return entries.length ? Object.fromEntries(entries.map(([name, text]) => [name, Number(text)])) : null;
}

/** What a buyer may take in its window, and what they have to show; empty for no limit. */
export function limitWords(t: Translate, drop: DropDocument): string {
  const parts = LIMITS.filter((name) => drop.limits?.[name]).map((name) =>
    t(`drops.short.${name}`, { n: drop.limits?.[name] ?? 0 }),
  );
  if (drop.ticket_gate) parts.push(t("drops.short.gate", { gate: drop.ticket_gate }));
  return parts.join(" · ");
}

/** What the server takes, from what the form holds. */
export function bodyOf(draft: Draft): DropBody {
  return {
    sku: draft.sku,
    channels: given(draft.units),
    opens_at: new Date(draft.opens).toISOString(),
    closes_at: draft.closes ? new Date(draft.closes).toISOString() : null,
    leftover: draft.leftover,
    limits: limitsOf(draft),
    ticket_gate: draft.gate || null,
    lock: draft.lock,
  };
}

/** What becomes of the units that are not sold. */
export function leftoverWord(t: Translate, drop: DropDocument): string {
  if (drop.leftover === "carry") return t("drops.leftover.carry", { drop: drop.carry_to });
  return t(drop.leftover === "stay" ? "drops.leftover.stay" : "drops.leftover.return");
}

/** The steps that its status allows, the one that is nearest first. */
export function stepsOf(drop: DropDocument): ("lock" | "open" | "postpone" | "close" | "cancel")[] {
  if (drop.status === "planned") return ["lock", "postpone", "cancel"];
  if (drop.status === "locked") return ["open", "postpone", "cancel"];
  return drop.status === "open" ? ["close"] : [];
}
