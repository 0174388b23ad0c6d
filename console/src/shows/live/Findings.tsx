import { Input } from "antd";
import type { FindingDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";

interface Props {
  findings: readonly FindingDocument[];
  reasons: Readonly<Record<string, string>>;
  give(code: string, reason: string): void;
}

/** What the preflight found, in words; the first error of a kind has the field for the reason of them all. */
export function Findings({ findings, reasons, give }: Props) {
  const { t, language } = usePreferences();
  const zh = language === "zh";
  return (
    <ul className="findings">
      {findings.map((each, at) => {
        const first = findings.findIndex((other) => other.code === each.code) === at;
        return (
          <li
            key={`${each.code} ${each.sku} ${each.channel}`}
            className={`finding is-${each.level}`}
            data-testid="finding"
          >
            <b className="finding-level">{t(`show.start.level.${each.level}`)}</b>
            <span>
              {zh ? each.words_zh : each.words}{" "}
              <span className="muted">{zh ? each.advice_zh : each.advice}</span>
            </span>
            {each.level === "error" && !each.can_overrule && (
              <span className="finding-over muted">{t("show.start.never")}</span>
            )}
            {each.level === "error" && each.can_overrule && first && (
              <Input
                className="finding-over"
                size="small"
                maxLength={100}
                value={reasons[each.code] ?? ""}
                placeholder={t("show.start.overrule")}
                aria-label={`${t("show.start.overrule")} ${each.code}`}
                title={t("show.start.overrule.hint")}
                onChange={(event) => give(each.code, event.target.value)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
