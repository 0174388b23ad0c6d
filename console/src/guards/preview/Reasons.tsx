import { units } from "../../i18n/format";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { codeWord } from "../words";
import type { Merged } from "./merge";

/** How many tries each rule would have stopped, as numbers and as bars. */
export function Reasons({ found }: { found: Merged }) {
  const { t } = usePreferences();
  const most = Math.max(1, ...found.outcomes.map((each) => each.tries));
  return (
    <section aria-label={t("guards.preview.reasons")}>
      <h2>{t("guards.preview.reasons")}</h2>
      {found.outcomes.length === 0 ? (
        <p className="muted">✓ {t("guards.preview.through")}</p>
      ) : (
        <Sheet label={t("guards.preview.reasons")}>
          <thead>
            <tr>
              <th scope="col">{t("guards.preview.outcome")}</th>
              <th scope="col">{t("guards.preview.reason")}</th>
              <th scope="col">{t("guards.preview.tries")}</th>
            </tr>
          </thead>
          <tbody>
            {found.outcomes.map(({ outcome, code, tries }) => (
              <tr key={`${outcome} ${code}`} data-reason={code}>
                <td className={`guards-is-${outcome}`}>{t(`guards.outcome.${outcome as "refuse"}`)}</td>
                <td>{codeWord(t, code)}</td>
                <td className="num guards-bar-cell">
                  <i style={{ width: `${(100 * tries) / most}%` }} />
                  {units(tries)}
                </td>
              </tr>
            ))}
          </tbody>
        </Sheet>
      )}
    </section>
  );
}
