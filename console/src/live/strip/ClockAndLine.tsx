import { Tooltip } from "antd";
import { clock } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { useLive } from "../context";
import { useNow } from "../useNow";
import { LineState } from "./LineState";

/** Clock, connection and lag. */
export function ClockAndLine() {
  const { t } = usePreferences();
  const now = useNow(500);
  const { lag } = useLive();
  const [middle, high] = [lag.quantile(0.5), lag.quantile(0.99)];
  return (
    <>
      <time className="strip-clock num" title={t("strip.clock")}>
        {clock(new Date(now))}
      </time>
      <LineState />
      <Tooltip title={t("strip.lag.title")}>
        <span className="strip-lag">
          {t("strip.lag")}
          <b className="num" data-testid="lag">
            {middle === null || high === null ? "– / –" : `${Math.round(middle)} / ${Math.round(high)}`}
          </b>
          ms
        </span>
      </Tooltip>
    </>
  );
}
