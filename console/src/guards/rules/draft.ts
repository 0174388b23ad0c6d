import type { BoundBody, GuardBody, Outcome, SpeedBody } from "../../api/types";
import { readCents, readUnits, showCents } from "../../items/item";

export const SPEEDS = ["per_buyer", "per_device", "per_address", "per_payment"] as const;
export type SpeedName = (typeof SPEEDS)[number];

export const OUTCOMES: readonly Outcome[] = ["refuse", "queue", "review"];
/** Waiting mends no age and no address, so these are never queued for. */
export const BOUND_OUTCOMES: readonly Outcome[] = ["refuse", "review"];

/** A rule of speed as typed; without orders and units there is none. */
export interface SpeedDraft {
  window: number;
  orders: string;
  units: string;
  outcome: Outcome;
}

/** All rules of one item as a form holds them. */
export interface GuardDraft {
  period: string;
  gate: string;
  lists: boolean;
  speeds: Record<SpeedName, SpeedDraft>;
  addressBuyers: string;
  addressOutcome: Outcome;
  /** Seconds; 0 for no rule. */
  age: number;
  ageOutcome: Outcome;
  unitsMax: string;
  lossMax: string;
  breakerWindow: number;
  breakerUnits: string;
}

const WINDOW_S = 600;
const BREAKER_S = 60;

function speedDraft(speed: SpeedBody | null | undefined): SpeedDraft {
  return {
    window: speed?.window_s ?? WINDOW_S,
    orders: String(speed?.orders ?? ""),
    units: String(speed?.units ?? ""),
    outcome: speed?.outcome ?? "refuse",
  };
}

/** What the form starts with. */
export function draftOf(guard: GuardBody | null | undefined): GuardDraft {
  return {
    period: guard?.period ?? "",
    gate: guard?.ticket_gate ?? "",
    lists: guard?.lists ?? false,
    speeds: {
      per_buyer: speedDraft(guard?.per_buyer),
      per_device: speedDraft(guard?.per_device),
      per_address: speedDraft(guard?.per_address),
      per_payment: speedDraft(guard?.per_payment),
    },
    addressBuyers: String(guard?.buyers_per_address?.limit ?? ""),
    addressOutcome: guard?.buyers_per_address?.outcome ?? "review",
    age: guard?.account_age_min_s?.limit ?? 0,
    ageOutcome: guard?.account_age_min_s?.outcome ?? "refuse",
    unitsMax: String(guard?.units_max ?? ""),
    lossMax: showCents(guard?.loss_cents_max ?? null),
    breakerWindow: guard?.breaker?.window_s ?? BREAKER_S,
    breakerUnits: String(guard?.breaker?.units ?? ""),
  };
}

/** The guard that a form without faults describes; null when it has no rule. What this form does not know stays. */
export function guardOf(draft: GuardDraft, old: GuardBody | null | undefined): GuardBody | null {
  const rules: Omit<GuardBody, "period"> = {};
  if (draft.gate.trim()) rules.ticket_gate = draft.gate.trim();
  for (const name of SPEEDS) {
    const speed = speedOf(draft.speeds[name]);
    if (speed) rules[name] = speed;
  }
  const buyers = readUnits(draft.addressBuyers);
  if (buyers) rules.buyers_per_address = bound(buyers, draft.addressOutcome);
  if (draft.age) rules.account_age_min_s = bound(draft.age, draft.ageOutcome);
  if (draft.lists) rules.lists = true;
  const units = readUnits(draft.unitsMax);
  if (units) rules.units_max = units;
  const loss = readCents(draft.lossMax);
  if (loss) rules.loss_cents_max = loss;
  const breaker = readUnits(draft.breakerUnits);
  if (breaker) rules.breaker = { window_s: draft.breakerWindow, units: breaker };
  const known = Object.keys(FORM);
  const others = Object.fromEntries(Object.entries(old ?? {}).filter(([name]) => !known.includes(name)));
  const guard = { ...others, ...rules, period: draft.period.trim() };
  return Object.keys(guard).length > 1 ? guard : null;
}

/** The fields that this form holds. */
const FORM: Record<keyof GuardBody, true> = {
  period: true,
  ticket_gate: true,
  per_buyer: true,
  per_device: true,
  per_address: true,
  per_payment: true,
  buyers_per_address: true,
  account_age_min_s: true,
  lists: true,
  units_max: true,
  loss_cents_max: true,
  breaker: true,
};

function speedOf(draft: SpeedDraft): SpeedBody | null {
  const orders = readUnits(draft.orders);
  const units = readUnits(draft.units);
  if (!orders && !units) return null;
  return {
    window_s: draft.window,
    ...(orders ? { orders } : {}),
    ...(units ? { units } : {}),
    // What is the default is left out, as the server does.
    ...(draft.outcome === "refuse" ? {} : { outcome: draft.outcome }),
  };
}

const bound = (limit: number, outcome: Outcome): BoundBody =>
  outcome === "refuse" ? { limit } : { limit, outcome };
