import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import type { Merged } from "./merge";

/** Some of the tries that would have been stopped, each with its reason. */
export function Examples({ found }: { found: Merged }) {
  const { t, language } = usePreferences();
  if (found.examples.length === 0) return null;
  return (
    <section aria-label={t("guards.preview.examples")}>
      <h2>{t("guards.preview.examples")}</h2>
      <Sheet label={t("guards.preview.examples")}>
        <thead>
          <tr>
            <th scope="col">{t("refusals.column.at")}</th>
            <th scope="col">{t("reviews.column.order")}</th>
            <th scope="col">{t("reviews.column.buyer")}</th>
            <th scope="col">{t("guards.preview.outcome")}</th>
            <th scope="col">{t("guards.preview.reason")}</th>
          </tr>
        </thead>
        <tbody>
          {found.examples.map((each) => (
            <tr key={each.id}>
              <td className="num">{dateTime(each.at)}</td>
              <td className="guards-id">{each.id}</td>
              <td className="guards-id">{each.buyer}</td>
              <td className={`guards-is-${each.outcome}`}>
                {t(`guards.outcome.${each.outcome as "refuse"}`)}
              </td>
              <td className="guards-why">{each.words[language]}</td>
            </tr>
          ))}
        </tbody>
      </Sheet>
    </section>
  );
}
