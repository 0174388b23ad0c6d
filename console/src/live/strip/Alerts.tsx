import { Button, Popover } from "antd";
import { units } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { useWarnings } from "../../warnings/queries";
import { StandingTab } from "../../warnings/StandingTab";
import "../../warnings/warnings.css";

const SIGNS = { critical: "‼", warning: "!", notice: "i" } as const;
const LEVELS = Object.keys(SIGNS) as (keyof typeof SIGNS)[];

/** How many warnings stand, by how loud they are; pressed, it opens them to be read and acknowledged. */
export function Alerts() {
  const { t } = usePreferences();
  const { data } = useWarnings();
  const counts = { critical: 0, warning: 0, notice: 0 };
  for (const { level } of data ?? []) counts[level as keyof typeof counts]++;
  const content = (
    <div className="alerts-list">
      <StandingTab />
    </div>
  );
  return (
    <Popover trigger="click" placement="bottom" content={content}>
      <Button
        type="text"
        className="alerts"
        aria-description={t("warnings.strip", counts)}
        data-testid="alerts"
      >
        {t("nav.warnings")}
        {LEVELS.map((level) => (
          <b key={level} className={counts[level] ? `num is-${level}` : "num muted"}>
            {SIGNS[level]} {units(counts[level])}
          </b>
        ))}
      </Button>
    </Popover>
  );
}
