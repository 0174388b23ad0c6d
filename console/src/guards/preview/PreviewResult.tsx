import { Alert, Button, Progress } from "antd";
import { units } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { Clusters } from "./Clusters";
import { Examples } from "./Examples";
import { Reasons } from "./Reasons";
import type { Preview } from "./usePreview";

/** What the rules would have done, as far as it is known. */
export function PreviewResult({ preview }: { preview: Preview }) {
  const { t } = usePreferences();
  const { running, done, all, found, error, stopped } = preview;
  const percent = (part: number) => (found?.tried ? Math.round((100 * part) / found.tried).toString() : "0");
  return (
    <section className="guards-result" aria-label={t("guards.tab.preview")} aria-busy={running}>
      {running && (
        <div className="guards-progress" role="status">
          <Progress
            percent={Math.round((100 * done) / Math.max(all, 1))}
            status="active"
            aria-label={t("guards.tab.preview")}
          />
          <span className="num">
            {t("guards.preview.progress", {
              n: Math.min(done + 1, all),
              all,
              tried: units(found?.tried ?? 0),
            })}
          </span>
          <Button size="small" onClick={preview.stop}>
            {t("guards.preview.stop")}
          </Button>
        </div>
      )}
      {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
      {stopped && done < all && (
        <Alert type="info" showIcon title={t("guards.preview.halted", { n: done })} />
      )}
      {found && found.tried === 0 && !running && <p className="muted">{t("guards.preview.empty")}</p>}
      {found && found.tried > 0 && (
        <>
          <dl className="guards-totals" data-testid="totals">
            <dt>{t("guards.preview.tried")}</dt>
            <dd className="num">{units(found.tried)}</dd>
            <dt>{t("guards.preview.placed")}</dt>
            <dd className="num">
              {t("guards.preview.of", { n: units(found.placed), percent: percent(found.placed) })}
            </dd>
            {(["refuse", "queue", "review"] as const).map((outcome) => {
              const tries = found.outcomes
                .filter((each) => each.outcome === outcome)
                .reduce((sum, each) => sum + each.tries, 0);
              return [
                <dt key={outcome}>{t(`guards.outcome.${outcome}`)}</dt>,
                <dd key={`${outcome} tries`} className="num">
                  {t("guards.preview.of", { n: units(tries), percent: percent(tries) })}
                </dd>,
              ];
            })}
          </dl>
          <p className="muted">{t("guards.preview.quiet", { n: units(found.withSignals) })}</p>
          {found.stopped.length > 0 && (
            <Alert
              type="warning"
              showIcon
              title={t("guards.preview.partial", { items: found.stopped.join(t("guards.and")) })}
            />
          )}
          <div className="guards-findings">
            <Reasons found={found} />
            <Clusters found={found} />
          </div>
          <Examples found={found} />
        </>
      )}
    </section>
  );
}
