import { draftOf, type GuardDraft } from "./draft";

export const PRESETS = ["flash", "daily", "open_ended"] as const;
export type Preset = (typeof PRESETS)[number];

const HOUR = 3_600;
const DAY = 24 * HOUR;
const UNITS_DEFAULT = 1_000;
/** Of the units that may be sold, how many in one minute trip the breaker, and never fewer than this. */
const BREAKER_PART = 0.2;
const BREAKER_MIN = 20;

/**
 * Rules to begin with; a gate and a period that are there stay. An open-ended item may sell what is available now.
 */
export function preset(
  name: Preset,
  now: GuardDraft,
  available: number | undefined,
  today: string,
): GuardDraft {
  const none = draftOf(null);
  const kept = { ...none, gate: now.gate, period: now.period.trim() || today, lists: true };
  const once = (window: number, orders: number, outcome: "refuse" | "review") => ({
    window,
    orders: String(orders),
    units: "",
    outcome,
  });
  if (name === "flash") {
    return {
      ...kept,
      speeds: {
        ...none.speeds,
        per_buyer: once(10 * 60, 1, "refuse"),
        per_device: once(10 * 60, 1, "refuse"),
        per_payment: once(10 * 60, 1, "refuse"),
      },
      addressBuyers: "2",
      addressOutcome: "review",
      age: 7 * DAY,
      unitsMax: now.unitsMax,
      lossMax: now.lossMax,
    };
  }
  if (name === "daily") {
    return {
      ...kept,
      speeds: {
        ...none.speeds,
        per_buyer: once(HOUR, 5, "review"),
        per_device: once(HOUR, 5, "review"),
        per_address: once(DAY, 10, "review"),
      },
      addressBuyers: "5",
      addressOutcome: "review",
      unitsMax: now.unitsMax,
      lossMax: now.lossMax,
    };
  }
  const units = available || UNITS_DEFAULT;
  return {
    ...kept,
    speeds: { ...none.speeds, per_buyer: once(HOUR, 10, "review") },
    unitsMax: now.unitsMax || String(units),
    lossMax: now.lossMax,
    breakerUnits: String(Math.max(BREAKER_MIN, Math.ceil(units * BREAKER_PART))),
  };
}
