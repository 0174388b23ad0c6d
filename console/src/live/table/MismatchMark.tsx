import { units } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import { lastMismatch, useRoom } from "../room";

/** When a platform's counter last had fewer units than the item's right there, and how many. */
export function MismatchMark({ sku }: { sku: string }) {
  const { t } = usePreferences();
  const { sync, channels } = useRoom();
  const last = lastMismatch(sync, sku);
  if (last === undefined) return null;
  if (last === null) {
    return (
      <span className="mismatch" title={t("table.mismatch.none")} data-testid="mismatch">
        {t("table.mismatch", { what: "–" })}
      </span>
    );
  }
  const at = dateTime(last.at);
  const channel = channels.find((each) => each.channel === last.channel)?.name ?? last.channel;
  const short = t("table.mismatch.short", { n: units(last.units), at: at.slice(11, 16) });
  return (
    <span
      className="mismatch"
      title={t("table.mismatch.why", { channel, n: units(last.units), at })}
      data-testid="mismatch"
    >
      {t("table.mismatch", { what: short })}
    </span>
  );
}
