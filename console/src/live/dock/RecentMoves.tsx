import { Proposals } from "../../shows/reserve/Proposals";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { useEntries } from "../context";
import { useRoom } from "../room";
import { useNow } from "../useNow";
import { RecentMove } from "./RecentMove";

/** What waits for a yes, then what was done last, with its way back. */
export function RecentMoves() {
  const { t } = usePreferences();
  const entries = useEntries();
  const now = useNow(250);
  const { show, items } = useRoom();
  const whyNot = useWhyNot("operator");
  return (
    <aside className="recent" aria-label={t("dock.recent")}>
      {show && <Proposals show={show.id} nameOf={(sku) => items.get(sku)?.name ?? sku} whyNot={whyNot} />}
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
