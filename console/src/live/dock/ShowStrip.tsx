import { Link } from "wouter";
import type { ShowDocument } from "../../api/types";
import { span } from "../../i18n/format";
import type { Steps } from "../../shows/live/useSteps";
import { comingOf } from "../../shows/run";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { useRoom } from "../room";
import { useNow } from "../useNow";

/** The live show in one line above the desk: what is on air, what comes, and the step to it. */
export function ShowStrip({ show, steps }: { show: ShowDocument; steps: Steps }) {
  const { t } = usePreferences();
  const { items } = useRoom();
  const now = useNow(1_000);
  const name = (sku: string | undefined) => (sku ? (items.get(sku)?.name ?? sku) : t("show.coming.none"));
  const since = show.started_at ? (now - new Date(show.started_at).getTime()) / 1000 : 0;
  return (
    <section className="show-strip" aria-label={t("shows.status.live")}>
      <Link href={`/console/shows/${show.id}`}>{show.name}</Link>
      <b className="num" role="timer">
        {span(Math.max(0, since))}
      </b>
      <span data-testid="on-air">
        <span className="muted">{t("show.now")}</span> <b>{name(show.current ?? undefined)}</b>
      </span>
      <span data-testid="coming">
        <span className="muted">{t("show.coming")}</span> {name(comingOf(show)?.sku)}
      </span>
      {steps.trouble !== null && (
        <span className="show-strip-trouble" role="alert">
          {troubleWord(t, steps.trouble)}
        </span>
      )}
      <span className="show-strip-acts">
        <Guarded size="small" why={steps.why.undo} onClick={() => steps.run("undo")}>
          {t("show.undo")}
        </Guarded>
        <Guarded size="small" type="primary" why={steps.why.next} onClick={() => steps.run("next")}>
          {t("show.next")} <kbd>N</kbd>
        </Guarded>
      </span>
    </section>
  );
}
