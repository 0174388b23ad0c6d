import { Link } from "wouter";
import type { WarningDocument } from "../api/types";
import { span } from "../i18n/format";
import { useNow } from "../live/useNow";
import { Guarded } from "../ui/Guarded";
import { usePreferences } from "../ui/preferences";

interface Props {
  warning: WarningDocument;
  whyNot: string | null;
  acknowledge(sku: string): void;
}

/** One warning: how loud, what, since when, and what could be done about it. */
export function WarningCard({ warning, whyNot, acknowledge }: Props) {
  const { t, language } = usePreferences();
  const now = useNow(1_000);
  const text = language === "zh" ? warning.zh : warning.en;
  const seconds = Math.max(0, (now - Date.parse(warning.since)) / 1000);
  const seen = warning.acknowledged_by;
  return (
    <li className={`warning is-${warning.level}${seen ? " is-seen" : ""}`} data-warning={warning.sku}>
      <b className="warning-level">{t(`warnings.level.${warning.level as "notice"}`)}</b>
      <div className="warning-text">
        <h2>{text.title}</h2>
        <p>{text.lines.join(language === "zh" ? "；" : "; ")}</p>
        <p className="muted num">
          {warning.sku} · {t("warnings.since", { span: span(seconds) })}
          {seen && ` · ${t("warnings.acked", { who: seen })}`}
          {!seen && warning.escalations > 0 && ` · ${t("warnings.unseen", { n: warning.escalations })}`}
        </p>
      </div>
      <div className="warning-acts">
        {!seen && (
          <Guarded type="primary" size="small" why={whyNot} onClick={() => acknowledge(warning.sku)}>
            {t("warnings.ack")}
          </Guarded>
        )}
        <Link href={`/console/?pitch=${encodeURIComponent(warning.sku)}`}>{t("warnings.live")}</Link>
        <Link href={`/console/warnings?tab=lines&sku=${encodeURIComponent(warning.sku)}`}>
          {t("warnings.own")}
        </Link>
      </div>
    </li>
  );
}
