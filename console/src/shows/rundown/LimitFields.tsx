import type { ItemLimits } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { Count } from "./Count";

interface Props {
  limits: ItemLimits | null;
  /** The word of a field with the item it is about. */
  of(what: string): string;
  fixed: boolean;
  set(limits: ItemLimits | null): void;
}

const LIMITS = ["per_order", "per_buyer", "per_buyer_across_channels"] as const;

/** The limits with one of them changed; null when none is left. */
function withLimit(limits: ItemLimits | null | undefined, name: keyof ItemLimits, units: number | null) {
  const next: ItemLimits = { ...limits };
  if (units) next[name] = units;
  else delete next[name];
  return Object.keys(next).length ? next : null;
}

/** Purchase limits 限购 for the time of the show. */
export function LimitFields({ limits, of, fixed, set }: Props) {
  const { t } = usePreferences();
  return LIMITS.map((limit) => (
    <Count
      key={limit}
      label={of(t(`rundown.limit.${limit}`))}
      value={limits?.[limit] ?? null}
      placeholder="–"
      fixed={fixed}
      set={(units) => set(withLimit(limits, limit, units))}
    />
  ));
}
