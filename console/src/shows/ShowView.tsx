import { Alert, Button } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { useChannels, useItems } from "../api/queries";
import type { ShowDocument, SkuDocument } from "../api/types";
import { Frame } from "../frame/Frame";
import { useLine, useLive } from "../live/context";
import { Guarded } from "../ui/Guarded";
import { useWhyNot } from "../ui/may";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { dateTime } from "../ui/when";
import { Results } from "./ended/Results";
import { NewShow } from "./list/NewShow";
import { Status } from "./list/Status";
import { ControlBar } from "./live/ControlBar";
import { LineActs } from "./live/LineActs";
import { StartButton } from "./live/StartButton";
import { useSteps } from "./live/useSteps";
import { Openings } from "./reserve/Openings";
import { Proposals } from "./reserve/Proposals";
import { Rundown } from "./rundown/Rundown";
import { RundownBar } from "./rundown/RundownBar";
import { useDraft } from "./rundown/useDraft";
import { useShowKeys } from "./useShowKeys";

interface Props {
  show: ShowDocument;
  trouble: ReactNode;
  copy(): void;
}

const NONE: ReadonlyMap<string, SkuDocument> = new Map();

/** One show: planned, run, or what came of it. */
export function ShowView({ show, trouble, copy }: Props) {
  const { t } = usePreferences();
  const model = useLive();
  const line = useLine();
  const whyNot = useWhyNot("operator");
  const items = useItems();
  const catalog = items.data ?? NONE;
  const channels = useChannels().data ?? [];
  const draft = useDraft(show);
  const steps = useSteps(show, whyNot);
  const [changing, setChanging] = useState(false);
  const search = useRef<{ focus(): void }>(null);
  useShowKeys({ show, draft, steps, search, whyNot });

  useEffect(() => {
    // The feed tells of stock that moved: an item that never had any is short of all that is planned.
    if (model.loaded) model.know([...catalog.values()].filter((i) => !i.components.length).map((i) => i.sku));
  }, [model, catalog]);

  const names = show.channels.map((id) => channels.find((each) => each.channel === id)?.name ?? id);
  const ended = show.status === "ended";
  const actions = (
    <>
      {!ended && (
        <Guarded
          why={whyNot ?? (draft.dirty ? t("show.start.unsaved") : null)}
          onClick={() => setChanging(true)}
        >
          {t("shows.change")}
        </Guarded>
      )}
      <Button onClick={copy}>{t("shows.copy")}</Button>
      {show.status === "planned" && <StartButton show={show} draft={draft} whyNot={whyNot} />}
    </>
  );
  return (
    <Frame title={show.name} actions={actions}>
      <div className={line === "live" ? "show" : "show is-stale"}>
        {trouble}
        {draft.conflict && (
          <Alert
            type="warning"
            banner
            title={t("rundown.changed")}
            action={
              <Button size="small" onClick={draft.takeTheirs}>
                {t("rundown.theirs")}
              </Button>
            }
          />
        )}
        {[draft.trouble, steps.trouble].map(
          (each, at) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: there are always these two.
            each !== null && <Alert key={at} type="error" banner title={troubleWord(t, each)} />,
        )}
        <p className="show-head muted num">
          <Link href="/console/shows">‹ {t("shows.back")}</Link>
          <Status status={show.status} />
          <span>
            {dateTime(show.starts_at).slice(0, 16)} – {dateTime(show.ends_at).slice(5, 16)}
          </span>
          <span>{names.join("、")}</span>
          {show.status !== "ended" && <span className="show-keys">{t(`show.keys.${show.status}`)}</span>}
        </p>
        {show.status === "live" && (
          <>
            <ControlBar show={show} steps={steps} catalog={catalog} whyNot={whyNot} />
            <Proposals show={show.id} nameOf={(sku) => catalog.get(sku)?.name ?? sku} whyNot={whyNot} />
          </>
        )}
        {ended ? (
          <Results show={show} catalog={catalog} channels={channels} />
        ) : (
          <>
            <Rundown
              show={show}
              draft={draft}
              catalog={catalog}
              whyNot={whyNot}
              acts={
                show.status === "live"
                  ? (sku) => (
                      <LineActs show={show} sku={sku} steps={steps} name={catalog.get(sku)?.name ?? sku} />
                    )
                  : undefined
              }
            />
            <RundownBar show={show} draft={draft} catalog={catalog} whyNot={whyNot} search={search} />
          </>
        )}
        {show.status !== "planned" && <Openings show={show} catalog={catalog} />}
      </div>
      {changing && (
        <NewShow from={null} change={show} done={() => setChanging(false)} close={() => setChanging(false)} />
      )}
    </Frame>
  );
}
