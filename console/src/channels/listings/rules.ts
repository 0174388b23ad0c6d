import type { RuleBody } from "../../api/types";
import { units } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";

/** A rule in a few words; what is at its default is left out. */
export function ruleWords(t: Translate, rule: RuleBody): string {
  const parts = [t("listings.weight.is", { n: rule.weight ?? 1 })];
  if (rule.minimum) parts.push(t("listings.minimum.is", { n: units(rule.minimum) }));
  if (typeof rule.maximum === "number") parts.push(t("listings.maximum.is", { n: units(rule.maximum) }));
  if (typeof rule.fixed === "number") parts.push(t("listings.fixed.is", { n: units(rule.fixed) }));
  if (rule.paused) parts.push(t("listings.paused"));
  return parts.join(" · ");
}

/** Why a rule cannot be; empty when it can. */
export function ruleProblem(t: Translate, rule: RuleBody): string {
  const least = rule.minimum ?? 0;
  if (typeof rule.maximum === "number" && rule.maximum < least) return t("listings.why.bounds");
  return "";
}

/** The preflight line of a changed rule; empty when nothing changes. */
export function ruleChange(t: Translate, from: RuleBody, to: RuleBody): string {
  const [before, after] = [ruleWords(t, from), ruleWords(t, to)];
  return before === after ? "" : `${before} → ${after}`;
}
