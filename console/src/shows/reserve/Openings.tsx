import type { SkuDocument } from "../../api/queries";
import type { ShowDocument } from "../../api/types";
import { clock, units } from "../../i18n/format";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { openings, SYSTEM } from "./opening";
import { useProposals } from "./queries";
import "./reserve.css";

interface Props {
  show: ShowDocument;
  catalog: ReadonlyMap<string, SkuDocument>;
}

const COLUMNS = ["when", "item", "units", "became", "who", "why"] as const;

/** Every step of a show's reserve, with its size, reason and approver. */
export function Openings({ show, catalog }: Props) {
  const { t, language } = usePreferences();
  const { data } = useProposals();
  const found = openings(data ?? [], show, t, language);
  if (found.length === 0) return null;
  const who = (actor: string) => (actor === SYSTEM ? t("reserve.system") : actor.replace(/^key:/, ""));
  return (
    <section className="openings" aria-label={t("reserve.history")}>
      <h2>{t("reserve.history")}</h2>
      <Sheet label={t("reserve.history")}>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {t(`reserve.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.map((each) => (
            <tr key={each.key} data-testid="opening">
              <td className="num">{clock(new Date(each.at))}</td>
              <td>{catalog.get(each.sku)?.name ?? each.sku}</td>
              <td className="num">{units(each.units)}</td>
              <td className={`opening-${each.status}`}>{t(`reserve.status.${each.status}`)}</td>
              <td>{each.actor ? who(each.actor) : "–"}</td>
              <td className="opening-why">{each.why}</td>
            </tr>
          ))}
        </tbody>
      </Sheet>
    </section>
  );
}
