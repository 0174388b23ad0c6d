import { Alert } from "antd";
import type { UndoRefusal } from "../../api/types";
import { units } from "../../i18n/format";
import { isMessage, type Translate } from "../../i18n/translate";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";

const SHOWN = 100;

function why(t: Translate, { code, field }: UndoRefusal): string {
  const what = `undo.field.${field}`;
  if (field) return t("undo.why.field", { field: isMessage(what) ? t(what) : field });
  const [own, general] = [`undo.why.${code}`, `code.${code}`];
  if (isMessage(own)) return t(own);
  return isMessage(general) ? t(general) : code;
}

/** The rows that stay as they are, each with the reason. */
export function Refused({ refused }: { refused: readonly UndoRefusal[] }) {
  const { t } = usePreferences();
  if (refused.length === 0) return null;
  const title = t("undo.refused", { n: units(refused.length) });
  return (
    <>
      <Alert type="warning" showIcon title={title} />
      <Sheet label={title}>
        <thead>
          <tr>
            <th scope="col">{t("import.row")}</th>
            <th scope="col">{t("items.column.code")}</th>
            <th scope="col">{t("undo.why")}</th>
          </tr>
        </thead>
        <tbody>
          {refused.slice(0, SHOWN).map((each) => (
            <tr key={each.row} data-refused={each.sku}>
              <td className="num muted">{each.row}</td>
              <td className="num">{each.sku}</td>
              <td className="import-text">{why(t, each)}</td>
            </tr>
          ))}
        </tbody>
      </Sheet>
      {refused.length > SHOWN && <p className="muted">{t("import.more", { n: refused.length - SHOWN })}</p>}
    </>
  );
}
