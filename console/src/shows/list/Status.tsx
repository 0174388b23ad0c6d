import type { Status as Standing } from "../../api/types";
import { usePreferences } from "../../ui/preferences";

/** Where a show stands, in a word; the dot only helps the eye. */
export function Status({ status }: { status: Standing }) {
  const { t } = usePreferences();
  return <span className={`shows-status is-${status}`}>{t(`shows.status.${status}`)}</span>;
}
