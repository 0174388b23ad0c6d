import { usePreferences } from "../../ui/preferences";
import { useWarningOf } from "../../warnings/queries";

/** The warning of an item on its line; there is one at most, the worst. */
export function WarningTag({ sku }: { sku: string }) {
  const { t, language } = usePreferences();
  const warning = useWarningOf(sku);
  if (!warning) return null;
  return (
    <em className={`tag tag-${warning.level}`} title={warning[language]} data-testid="warning">
      {t(`warnings.level.${warning.level as "notice"}`)}
    </em>
  );
}
