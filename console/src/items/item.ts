import type { LimitsBody, SkuBody, SkuDocument } from "../api/types";
import { type ExposureDraft, exposureOf, guardFrom } from "./guard";

/** An item as the form holds it: everything as typed. */
export interface Draft extends ExposureDraft {
  sku: string;
  name: string;
  variant: string;
  image: string;
  price: string;
  cost: string;
  opens: string;
  closes: string;
  period: string;
  perOrder: string;
  perBuyer: string;
  perBuyerAll: string;
  parts: { sku: string; quantity: string }[];
}

const LIMITS = {
  perOrder: "per_order",
  perBuyer: "per_buyer",
  perBuyerAll: "per_buyer_across_channels",
} as const;
const CODE = /^[^\s\p{Cc}/](?:[^\p{Cc}/]{0,62}[^\s\p{Cc}/])?$/u;
const QUANTITY_MAX = 1_000_000_000;

/** Whether the server takes this as an item's code. */
export function isCode(text: string): boolean {
  return CODE.test(text);
}

/** A price such as `¥1,299.90` in hundredths; null for none, undefined when it is no price. */
export function readCents(text: string): number | null | undefined {
  const plain = text.replace(/[¥￥,，\s元]/g, "");
  if (plain === "") return null;
  const match = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(plain);
  if (!match) return undefined;
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
}

/** Hundredths as a price; empty for none. */
export function showCents(cents: number | null): string {
  return cents === null ? "" : (cents / 100).toFixed(2);
}

/** A whole number from 1; undefined when it is none. */
export function readUnits(text: string): number | undefined {
  const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : 0;
  return value >= 1 && value <= QUANTITY_MAX ? value : undefined;
}

/** A moment as a date field wants it, in the reader's own time zone and to the minute. */
export function showMoment(text: string | null): string {
  if (text === null) return "";
  const at = new Date(text);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The whole of an item as it is sent: PUT resets what is left out. */
export function bodyOf(item: SkuDocument): Required<SkuBody> {
  const {
    name,
    variant,
    price_cents,
    cost_cents,
    frozen,
    sale_opens_at,
    sale_closes_at,
    limits,
    components,
    guard = null,
    image_url = null,
  } = item;
  return {
    name,
    variant,
    price_cents,
    cost_cents,
    frozen,
    sale_opens_at,
    sale_closes_at,
    limits,
    components,
    guard,
    image_url,
  };
}

/** What the form starts with. */
export function draftOf(item: SkuDocument | null): Draft {
  const limit = (name: keyof LimitsBody) => String(item?.limits?.[name] ?? "");
  return {
    sku: item?.sku ?? "",
    name: item?.name ?? "",
    variant: item?.variant ?? "",
    image: item?.image_url ?? "",
    price: showCents(item?.price_cents ?? null),
    cost: showCents(item?.cost_cents ?? null),
    opens: showMoment(item?.sale_opens_at ?? null),
    closes: showMoment(item?.sale_closes_at ?? null),
    period: limit("period"),
    perOrder: limit("per_order"),
    perBuyer: limit("per_buyer"),
    perBuyerAll: limit("per_buyer_across_channels"),
    ...exposureOf(item?.guard, showCents),
    parts: (item?.components ?? []).map(({ sku, quantity }) => ({ sku, quantity: String(quantity) })),
  };
}

/** The whole item that a form without faults describes; its freeze and the rules of conduct are not the form's to change. */
export function bodyFrom(draft: Draft, old: SkuDocument | null): Required<SkuBody> {
  return {
    name: draft.name.trim(),
    variant: draft.variant.trim(),
    price_cents: readCents(draft.price) ?? null,
    cost_cents: readCents(draft.cost) ?? null,
    frozen: old?.frozen ?? false,
    sale_opens_at: moment(draft.opens, old?.sale_opens_at ?? null),
    sale_closes_at: moment(draft.closes, old?.sale_closes_at ?? null),
    limits: limitsFrom(draft),
    components: draft.parts.map(({ sku, quantity }) => ({ sku, quantity: readUnits(quantity) ?? 1 })),
    guard: guardFrom(draft, old?.guard, readUnits, readCents),
    image_url: draft.image.trim() || null,
  };
}

function moment(text: string, old: string | null): string | null {
  // The field shows minutes: what nobody touched keeps its seconds.
  if (text === showMoment(old)) return old;
  return text === "" ? null : new Date(text).toISOString();
}

function limitsFrom(draft: Draft): LimitsBody | null {
  const limits: LimitsBody = { period: draft.period.trim() };
  let some = false;
  for (const [field, name] of Object.entries(LIMITS) as [
    keyof typeof LIMITS,
    (typeof LIMITS)[keyof typeof LIMITS],
  ][]) {
    const value = readUnits(draft[field]);
    if (value === undefined) continue;
    limits[name] = value;
    some = true;
  }
  return some || limits.period ? limits : null;
}
