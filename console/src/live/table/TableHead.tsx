import { lag } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { useRoom } from "../room";

/** The names of the columns, and how each channel stands. */
export function TableHead() {
  const { t } = usePreferences();
  const { channels, sync } = useRoom();
  return (
    <div role="row" className="stock-head">
      <span role="columnheader" className="cell-name">
        {t("table.item")}
      </span>
      <span role="columnheader" className="cell-number">
        {t("table.available")}
      </span>
      <span role="columnheader" className="cell-number" title={t("table.left.title")}>
        {t("table.left")}
      </span>
      <span role="columnheader" className="cell-number" title={t("table.pace.title")}>
        {t("table.pace")}
      </span>
      {channels.map((channel) => {
        const state = sync.get(channel.channel);
        const delay = state?.message_lag.p50 ?? state?.round_trip.p50 ?? null;
        const word = !state
          ? t("table.direct")
          : !state.up
            ? t("table.down")
            : delay === null
              ? "–"
              : lag(delay);
        return (
          <span key={channel.channel} role="columnheader" className="head-channel">
            <span className="head-channel-name">
              <i className={state && !state.up ? "dot dot-bad" : "dot"} aria-hidden="true" />
              <b title={channel.name}>{channel.name}</b>
              <small className="num" title={state?.problem || t("table.lag.title")}>
                {word}
              </small>
            </span>
            <span className="trio">
              <small title={t("table.right.title")}>{t("table.right")}</small>
              <small title={t("table.held.title")}>{t("table.held")}</small>
              <small title={t("table.sold.title")}>{t("table.sold")}</small>
            </span>
          </span>
        );
      })}
      <span role="columnheader" className="cell-number">
        {t("table.unallocated")}
      </span>
      <span role="columnheader" className="cell-number" title={t("table.reserve.title")}>
        {t("table.reserve")}
      </span>
    </div>
  );
}
