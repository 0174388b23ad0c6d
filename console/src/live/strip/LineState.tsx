import { clock, span } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { useLine, useLive } from "../context";
import { useNow } from "../useNow";

/** Whether the page is connected; a cut line says since when the numbers stand still. */
export function LineState() {
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
  return (
    <output className={`line line-${stale ? "lost" : line}`} data-testid="line">
      <i aria-hidden="true" />
      {word}
    </output>
  );
}
