import { useState } from "react";
import type { SkuDocument } from "../../api/queries";
import type { ShowDocument } from "../../api/types";
import { span } from "../../i18n/format";
import { useNow } from "../../live/useNow";
import { Confirm } from "../../ui/dialogs/Confirm";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { useShowWrites } from "../queries";
import { stepWord } from "../words";
import { OnAir } from "./OnAir";
import { PushDialog } from "./PushDialog";
import { StepList } from "./StepList";
import type { Steps } from "./useSteps";

interface Props {
  show: ShowDocument;
  steps: Steps;
  catalog: ReadonlyMap<string, SkuDocument>;
  whyNot: string | null;
}

/** What is on air, what comes, and the steps of a live show. */
export function ControlBar({ show, steps, catalog, whyNot }: Props) {
  const { t } = usePreferences();
  const { step } = useShowWrites();
  const now = useNow(1_000);
  const [asking, setAsking] = useState<"push" | "end" | null>(null);
  const close = () => setAsking(null);
  const { why, run } = steps;
  const undoes = show.undoable ? t("show.undo.what", { what: stepWord(t, show.undoable) }) : t("show.undo");
  const since = show.started_at ? (now - new Date(show.started_at).getTime()) / 1000 : 0;
  return (
    <section className="control" aria-label={t("shows.status.live")}>
      <p className="control-clock">
        <small className="muted">{t("show.clock")}</small>
        <b className="num" role="timer">
          {span(Math.max(0, since))}
        </b>
      </p>
      <OnAir show={show} catalog={catalog} now={now} />
      <div className="control-acts">
        <Guarded type="primary" size="large" why={why.next} onClick={() => run("next")}>
          {t("show.next")} <kbd>N</kbd>
        </Guarded>
        <Guarded why={why.skip} onClick={() => run("skip")}>
          {t("show.skip")} <kbd>S</kbd>
        </Guarded>
        <Guarded why={why.any} onClick={() => setAsking("push")}>
          {t("show.push")}
        </Guarded>
        <Guarded why={why.undo} onClick={() => run("undo")}>
          {undoes} <kbd>Z</kbd>
        </Guarded>
        <Guarded danger why={whyNot} onClick={() => setAsking("end")}>
          {t("show.end")}
        </Guarded>
      </div>
      <StepList show={show} catalog={catalog} />
      {asking === "push" && <PushDialog show={show} catalog={catalog} close={close} />}
      {asking === "end" && (
        <Confirm
          danger
          title={t("show.end.title", { name: show.name })}
          act={t("show.end")}
          run={async () => {
            await step(show.id, "end");
            close();
          }}
          close={close}
        >
          <p>{t("show.end.words")}</p>
        </Confirm>
      )}
    </section>
  );
}
