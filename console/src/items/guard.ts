import type { GuardBody } from "../api/types";

/** The exposure of an item as the form holds it. */
export interface ExposureDraft {
  guardPeriod: string;
  unitsMax: string;
  lossMax: string;
}

type Read = (text: string) => number | null | undefined;

/** What the form starts with; a loss is shown in yuan. */
export function exposureOf(
  guard: GuardBody | null | undefined,
  showCents: (cents: number | null) => string,
): ExposureDraft {
  return {
    guardPeriod: guard?.period ?? "",
    unitsMax: String(guard?.units_max ?? ""),
    lossMax: showCents(guard?.loss_cents_max ?? null),
  };
}

/** The guard with the exposure of the form; rules that the form does not show stay, and one without rules ends. */
export function guardFrom(
  draft: ExposureDraft,
  old: GuardBody | null | undefined,
  readUnits: Read,
  readCents: Read,
): GuardBody | null {
  const { period, units_max: _units, loss_cents_max: _loss, ...others } = old ?? { period: "" };
  const guard: GuardBody = { ...others, period: draft.guardPeriod.trim() || period };
  const units = readUnits(draft.unitsMax);
  const loss = readCents(draft.lossMax);
  if (units) guard.units_max = units;
  if (loss) guard.loss_cents_max = loss;
  return Object.keys(guard).length > 1 ? guard : null;
}
