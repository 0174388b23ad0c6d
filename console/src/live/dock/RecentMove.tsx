import { Button } from "antd";
import type { Entry } from "../../moves/desk";
import { usePreferences } from "../../ui/preferences";
import { useLive } from "../context";
import { useRoom } from "../room";
import { moveWord, problemWord } from "../words";

/** One move: what, on which item, what became of it, and the button that takes it back. */
export function RecentMove({ entry, now }: { entry: Entry; now: number }) {
  const { t } = usePreferences();
  const { desk } = useLive();
  const { items, channels } = useRoom();
  const { move, status, problem } = entry;
  const left = Math.ceil((entry.undoUntil - now) / 1000);
  const channel = channels.find((each) => each.channel === move.channel)?.name ?? move.channel;
  const word =
    status === "refused" && problem
      ? t("move.refused", { why: problemWord(t, problem) })
      : t(`move.${status === "refused" ? "unknown" : status}`);
  return (
    <li className={`recent-move status-${status}`} data-status={status}>
      <span className="recent-what">
        <b>{moveWord(t, move, channel)}</b> {items.get(move.sku)?.name ?? move.sku}
      </span>
      {status === "done" && left > 0 ? (
        <Button size="small" onClick={() => void desk.undo(entry.id)} data-testid="undo">
          {t("move.undo")} <span className="num">{left}s</span> <kbd>Z</kbd>
        </Button>
      ) : status === "unknown" ? (
        <Button size="small" onClick={() => void desk.retry(entry.id)}>
          {t("move.retry")}
        </Button>
      ) : null}
      <span className="recent-word">{word}</span>
    </li>
  );
}
