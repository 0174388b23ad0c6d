import { Alert } from "antd";
import type { ItemImportDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { problemCodeWord } from "./words";

/** How much changes, or how much was changed and what was refused. */
export function Summary({ plan }: { plan: ItemImportDocument }) {
  const { t } = usePreferences();
  const made = plan.rows.filter((row) => row.new).length;
  const changed = plan.rows.filter((row) => !row.new && row.changes.length > 0).length;
  const moves = plan.rows.reduce((sum, row) => sum + row.moves.length, 0);
  if (!plan.applied) {
    return (
      <p className="import-sum num">
        <strong>{t("import.new", { n: units(made) })}</strong>
        <strong>{t("import.changed", { n: units(changed) })}</strong>
        <strong>{t("import.moves", { n: units(moves) })}</strong>
        <span className="muted">{t("import.same", { n: units(plan.unchanged) })}</span>
      </p>
    );
  }
  if (plan.refused.length === 0) {
    const title = t("import.done", { made: units(made), changed: units(changed), moves: units(moves) });
    return <Alert type="success" showIcon role="status" title={title} />;
  }
  return (
    <Alert
      type="error"
      showIcon
      title={t("import.refused", { n: units(plan.refused.length) })}
      description={plan.refused
        .slice(0, 20)
        .map(({ row, sku, code }) => `${row} ${sku}: ${problemCodeWord(t, code)}`)
        .join(" · ")}
    />
  );
}
