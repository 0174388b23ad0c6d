import { Alert, Button, Select } from "antd";
import { useState } from "react";
import { call } from "../api/client";
import type { LinesBody, LinesPreviewDocument } from "../api/types";
import { units } from "../i18n/format";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { dateTime } from "../ui/when";

interface Props {
  sku: string | null;
  /** The lines as they are typed; rejects while they cannot be. */
  lines(): Promise<LinesBody>;
}

const HOURS = [24, 72, 168] as const;
const SHOWN = 50;
const LEVELS = ["critical", "warning", "notice"] as const;

/** How often the lines as typed would have rung in the time before, and when. */
export function LinesPreview({ sku, lines }: Props) {
  const { t, language } = usePreferences();
  const [hours, setHours] = useState<number>(168);
  const [found, setFound] = useState<LinesPreviewDocument | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function look() {
    let body: LinesBody;
    try {
      body = await lines();
    } catch {
      // The fields say themselves what is wrong with them.
      return;
    }
    setBusy(true);
    setError(null);
    try {
      setFound(await call<LinesPreviewDocument>("POST", "/v1/warning-preview", { lines: body, hours, sku }));
    } catch (cause) {
      setFound(null);
      setError(cause);
    }
    setBusy(false);
  }

  return (
    <section className="lines-preview" aria-label={t("lines.preview.label")}>
      <div className="lines-acts">
        <Select
          aria-label={t("lines.preview.hours")}
          value={hours}
          onChange={setHours}
          options={HOURS.map((each) => ({ value: each, label: t(`lines.preview.hours.${each}`) }))}
        />
        <Button loading={busy} onClick={() => void look()}>
          {t("lines.preview")}
        </Button>
        <span className="muted">{t("lines.preview.hint")}</span>
      </div>
      {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
      {found && (
        <>
          <p className="num" role="status" data-testid="preview">
            <b>{t("lines.preview.times", { n: units(found.told.length), skus: units(found.skus) })}</b>{" "}
            {LEVELS.map((level) => `${t(`warnings.level.${level}`)} ${units(found.counts[level] ?? 0)}`).join(
              " · ",
            )}
            {!found.complete && (
              <span className="muted"> {t("lines.preview.cut", { since: dateTime(found.since) })}</span>
            )}
          </p>
          {found.told.length > 0 && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached without a mouse.
            <section className="lines-told" aria-label={t("lines.preview.told")} tabIndex={0}>
              <ol>
                {found.told.slice(0, SHOWN).map((each) => (
                  <li key={`${each.at} ${each.sku} ${each.kind} ${each.code}`}>
                    <span className="num muted">{dateTime(each.at)}</span> {each[language]}
                  </li>
                ))}
              </ol>
              {found.told.length > SHOWN && (
                <p className="muted">{t("lines.preview.more", { n: units(found.told.length - SHOWN) })}</p>
              )}
            </section>
          )}
        </>
      )}
    </section>
  );
}
