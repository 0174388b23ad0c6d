import type { BoundBody, GuardBody, SkuDocument, SpeedBody } from "../../api/types";
import { units } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import { showCents } from "../../items/item";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { SPEEDS } from "./draft";
import { amountWord, sentence, spanWord } from "./sentence";

interface Props {
  item: SkuDocument;
  whyNot: string | null;
  edit(): void;
}

const NONE = "–";

/** The outcome behind a rule where it is another than no. */
function outcomeMark(t: Translate, rule: SpeedBody | BoundBody): string {
  const outcome = rule.outcome ?? "refuse";
  return outcome === "refuse" ? "" : ` → ${t(`guards.outcome.${outcome}`)}`;
}

function speedsOf(t: Translate, guard: GuardBody): string[] {
  return SPEEDS.flatMap((name) => {
    const speed = guard[name];
    if (!speed) return [];
    const what = `${amountWord(t, speed)} / ${spanWord(t, speed.window_s)}`;
    return [`${t(`guards.short.${name}`)} ${what}${outcomeMark(t, speed)}`];
  });
}

function exposureOf(t: Translate, guard: GuardBody): string {
  const most = guard.units_max ? t("guards.units", { n: units(guard.units_max) }) : "";
  const loss = guard.loss_cents_max ? `−¥${showCents(guard.loss_cents_max)}` : "";
  return [most, loss].filter(Boolean).join(" · ") || NONE;
}

/** One item's rules at a glance; the whole sentence stands behind the item's name. */
export function GuardRow({ item, whyNot, edit }: Props) {
  const { t } = usePreferences();
  const guard = item.guard;
  if (!guard) return null;
  const age = guard.account_age_min_s;
  const address = guard.buyers_per_address;
  const speeds = speedsOf(t, guard);
  const breaker = guard.breaker;
  return (
    <tr data-guard={item.sku} title={sentence(t, guard)}>
      <th scope="row">
        {item.name} <span className="muted num">{item.sku}</span>
        {item.frozen && <span className="guards-frozen"> {t("guards.frozen")}</span>}
        <span className="muted guards-period">{guard.period}</span>
      </th>
      <td>{guard.ticket_gate || NONE}</td>
      <td>{guard.lists ? "✓" : NONE}</td>
      <td className="num">{age ? `${spanWord(t, age.limit)}${outcomeMark(t, age)}` : NONE}</td>
      <td className="num guards-speeds">
        {speeds.length ? speeds.map((each) => <span key={each}>{each}</span>) : NONE}
      </td>
      <td className="num">{address ? `${units(address.limit)}${outcomeMark(t, address)}` : NONE}</td>
      <td className="num">{exposureOf(t, guard)}</td>
      <td className="num">{breaker ? `${units(breaker.units)} / ${spanWord(t, breaker.window_s)}` : NONE}</td>
      <td className="sheet-acts">
        <Guarded size="small" why={whyNot} onClick={edit}>
          {t("guards.edit")}
        </Guarded>
      </td>
    </tr>
  );
}
