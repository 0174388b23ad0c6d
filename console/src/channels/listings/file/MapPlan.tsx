import { Button } from "antd";
import { useState } from "react";
import type { ListingImportDocument } from "../../../api/types";
import { units } from "../../../i18n/format";
import { Sheet } from "../../../ui/list/Sheet";
import { usePreferences } from "../../../ui/preferences";
import { changeWords, linesOf } from "./words";

const PAGE = 200;

interface Props {
  plan: ListingImportDocument;
  nameOf(channel: string): string;
}

/** Row by row which item a listing will sell, what of its rule changes, and what stands against it. */
export function MapPlan({ plan, nameOf }: Props) {
  const { t, language } = usePreferences();
  const [shown, setShown] = useState(PAGE);
  const lines = linesOf(plan);
  if (lines.length === 0) return null;
  return (
    <>
      <Sheet label={t("import.changes")}>
        <thead>
          <tr>
            <th scope="col">{t("import.row")}</th>
            <th scope="col">{t("listings.listing")}</th>
            <th scope="col">{t("listings.item")}</th>
            <th scope="col">{t("import.changes")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, shown).map(({ row, change, problems }) => (
            <tr key={row} data-row={row}>
              <td className="num muted">{row}</td>
              <td className="num import-text import-listing">
                {change?.listing}
                {change && <small className="muted import-under">{nameOf(change.channel)}</small>}
              </td>
              <td className="import-text">
                {change?.name}
                {change && <small className="muted num import-under">{change.sku}</small>}
              </td>
              <td className="import-text">
                {change?.new && <span className="import-part is-new">{t("mapping.new")}</span>}
                {change?.changes
                  .filter(({ field }) => !(change.new && field === "sku"))
                  .map((each) => {
                    const { name, old, now } = changeWords(t, each);
                    return (
                      <span key={each.field} className="import-part num">
                        {name} {!change.new && <del>{old}</del>} {!change.new && "→"} <ins>{now}</ins>
                      </span>
                    );
                  })}
                {problems.map((each) => (
                  <span key={`${each.column} ${each.code}`} className="import-part is-wrong">
                    ✕ {each.column} {change ? "" : each.value}{" "}
                    {language === "zh" ? each.message_zh : each.message}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </Sheet>
      {lines.length > shown && (
        <p>
          <Button size="small" onClick={() => setShown(lines.length)}>
            {t("listings.more", { n: units(lines.length - shown) })}
          </Button>
        </p>
      )}
    </>
  );
}
