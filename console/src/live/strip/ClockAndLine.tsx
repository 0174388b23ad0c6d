import { Tooltip } from "antd";
import { clock, span } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { useLine, useLive } from "../context";
import { useNow } from "../useNow";

/** Clock, connection and lag; a cut line says since when the numbers stand still. */
export function ClockAndLine() {
  const { t } = usePreferences();
  const now = useNow(500);
  const model = useLive();
  const line = useLine();
  const stale = line !== "live" && model.heardAt > 0;
  const word = stale
    ? t("strip.lost", {
        age: span(Math.max(0, now - model.heardAt) / 1000),
        time: clock(new Date(model.heardAt)),
      })
    : t(line === "live" ? "strip.live" : "strip.connecting");
  const [middle, high] = [model.lag.quantile(0.5), model.lag.quantile(0.99)];
  return (
    <>
      <time className="strip-clock num" title={t("strip.clock")}>
        {clock(new Date(now))}
      </time>
      <output className={`line line-${stale ? "lost" : line}`} data-testid="line">
        <i aria-hidden="true" />
        {word}
      </output>
      <Tooltip title={t("strip.lag.title")}>
        <span className="strip-lag">
          {t("strip.lag")}
          <b className="num" data-testid="lag" data-p99={high ?? ""}>
            {middle === null || high === null ? "– / –" : `${Math.round(middle)} / ${Math.round(high)}`}
          </b>
          ms
        </span>
      </Tooltip>
    </>
  );
}
