import type { GuardBody, Outcome, SpeedBody } from "../../api/types";
import { units } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import { showCents } from "../../items/item";
import { SPEEDS } from "./draft";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A window or an age in the largest unit that fits whole: `10 分钟`, `7 天`. */
export function spanWord(t: Translate, seconds: number): string {
  for (const [size, key] of [
    [DAY, "guards.days"],
    [HOUR, "guards.hours"],
    [MINUTE, "guards.minutes"],
  ] as const) {
    if (seconds >= size && seconds % size === 0) return t(key, { n: units(seconds / size) });
  }
  return t("guards.seconds", { n: units(seconds) });
}

const outcomeOf = (rule: { outcome?: Outcome }): Outcome => rule.outcome ?? "refuse";

/** `1 单`, `3 件`, or both. */
export function amountWord(t: Translate, speed: SpeedBody): string {
  const count = (key: "guards.orders" | "guards.units", n: number | null | undefined) =>
    n ? t(n === 1 ? `${key}.one` : key, { n: units(n) }) : "";
  const orders = count("guards.orders", speed.orders);
  const pieces = count("guards.units", speed.units);
  return [orders, pieces].filter(Boolean).join(t("guards.and"));
}

/** Each rule in one clause, in the order in which they are asked; empty for no rules. */
export function clauses(t: Translate, guard: GuardBody | null | undefined): string[] {
  if (!guard) return [];
  const found: string[] = [];
  const beyond = (rule: { outcome?: Outcome }) => t(`guards.then.${outcomeOf(rule)}`);
  if (guard.lists) found.push(t("guards.say.lists"));
  if (guard.ticket_gate) found.push(t("guards.say.gate", { gate: guard.ticket_gate }));
  const age = guard.account_age_min_s;
  if (age) found.push(t("guards.say.age", { span: spanWord(t, age.limit), beyond: beyond(age) }));
  for (const name of SPEEDS) {
    const speed = guard[name];
    if (!speed) continue;
    found.push(
      t("guards.say.speed", {
        who: t(`guards.one.${name}`),
        span: spanWord(t, speed.window_s),
        amount: amountWord(t, speed),
        beyond: beyond(speed),
      }),
    );
  }
  const address = guard.buyers_per_address;
  if (address) found.push(t("guards.say.address", { n: units(address.limit), beyond: beyond(address) }));
  if (guard.units_max) found.push(t("guards.say.units", { n: units(guard.units_max) }));
  if (guard.loss_cents_max) found.push(t("guards.say.loss", { money: showCents(guard.loss_cents_max) }));
  if (guard.breaker) {
    const { window_s, units: most } = guard.breaker;
    found.push(t("guards.say.breaker", { span: spanWord(t, window_s), n: units(most) }));
  }
  return found;
}

/** What the rules do, as one sentence. */
export function sentence(t: Translate, guard: GuardBody | null | undefined): string {
  const found = clauses(t, guard);
  return found.length ? `${found.join(t("guards.semicolon"))}${t("guards.stop")}` : t("guards.say.nothing");
}
