import type { ItemImportDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { changeWords, moveWords } from "./words";

const SHOWN = 200;

interface Props {
  plan: ItemImportDocument;
  nameOf(channel: string): string;
}

/** What each row of the file changes, old and new. */
export function ImportPlan({ plan, nameOf }: Props) {
  const { t } = usePreferences();
  if (plan.rows.length === 0) return <p className="items-empty">{t("import.nothing")}</p>;
  return (
    <>
      <Sheet label={t("import.changes")}>
        <thead>
          <tr>
            <th scope="col">{t("import.row")}</th>
            <th scope="col">{t("items.column.code")}</th>
            <th scope="col">{t("items.column.name")}</th>
            <th scope="col">{t("import.changes")}</th>
          </tr>
        </thead>
        <tbody>
          {plan.rows.slice(0, SHOWN).map((row) => (
            <tr key={row.row} data-row={row.row}>
              <td className="num muted">{row.row}</td>
              <td className="num">{row.sku}</td>
              <td className="import-text">{row.name}</td>
              <td className="import-text">
                {row.new && <span className="import-part is-new">{t("import.is_new")}</span>}
                {row.changes
                  .filter(({ field }) => !(row.new && field === "name"))
                  .map((change) => {
                    const { name, old, now } = changeWords(t, change);
                    return (
                      <span key={change.field} className="import-part num">
                        {name} {!row.new && <del>{old}</del>} {!row.new && "→"} <ins>{now}</ins>
                      </span>
                    );
                  })}
                {row.moves.map((move) => (
                  <span key={`${move.from} ${move.to}`} className="import-part num">
                    {moveWords(t, move, nameOf)}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </Sheet>
      {plan.rows.length > SHOWN && (
        <p className="muted">{t("import.more", { n: units(plan.rows.length - SHOWN) })}</p>
      )}
    </>
  );
}
