import { usePreferences } from "../../ui/preferences";
import { useEntries } from "../context";
import { useNow } from "../useNow";
import { RecentMove } from "./RecentMove";

/** What was done last, with its way back. */
export function RecentMoves() {
  const { t } = usePreferences();
  const entries = useEntries();
  const now = useNow(250);
  return (
    <aside className="recent" aria-label={t("dock.recent")}>
      <small className="muted">{t("dock.recent")}</small>
      {entries.length === 0 && <p className="muted">{t("dock.recent.none")}</p>}
      <ol aria-live="polite">
        {entries.map((entry) => (
          <RecentMove key={entry.id} entry={entry} now={now} />
        ))}
      </ol>
    </aside>
  );
}
