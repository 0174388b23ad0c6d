import type { DropDocument } from "../api/types";
import { span } from "../i18n/format";
import { useNow } from "../live/useNow";
import { usePreferences } from "../ui/preferences";

interface Props {
  drop: DropDocument;
  /** The server's clock less this one. */
  aheadMs: number;
}

/** How long until it opens or closes, by the server's clock. */
export function Countdown({ drop, aheadMs }: Props) {
  const { t } = usePreferences();
  const now = useNow(500) + aheadMs;
  const opening = drop.status === "planned" || drop.status === "locked";
  const until = opening ? drop.opens_at : drop.status === "open" ? drop.closes_at : null;
  if (until === null) return <span className="muted">–</span>;
  const seconds = Math.ceil((Date.parse(until) - now) / 1000);
  if (seconds <= 0) return <b>{opening ? t("drops.now") : "–"}</b>;
  return <>{t(opening ? "drops.opens_in" : "drops.closes_in", { span: span(seconds) })}</>;
}
