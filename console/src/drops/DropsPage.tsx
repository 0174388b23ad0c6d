import { Alert, Select, Spin } from "antd";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useChannels, useItems } from "../api/queries";
import type { DropDocument } from "../api/types";
import { Frame } from "../frame/Frame";
import { useLine } from "../live/context";
import { Guarded } from "../ui/Guarded";
import { Sheet } from "../ui/list/Sheet";
import { useWhyNot } from "../ui/may";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { type Act, DropRow } from "./DropRow";
import { FILTERS, type Filter, filtered } from "./drop";
import { NewDrop } from "./NewDrop";
import { PostponeDialog } from "./PostponeDialog";
import { useDrops } from "./queries";
import { StepDialog } from "./StepDialog";
import "./drops.css";

const COLUMNS = ["id", "item", "units", "channels", "opens", "left", "leftover", "state", "acts"] as const;

/** Drops: units locked until their time, with the countdown that every screen shows. */
export default function DropsPage() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const line = useLine();
  const { data, error, isPending } = useDrops();
  const { data: items } = useItems();
  const { data: channels } = useChannels();
  const [params, setParams] = useSearchParams();
  const [making, setMaking] = useState(false);
  const [acting, setActing] = useState<{ drop: DropDocument; act: Act } | null>(null);
  const filter = FILTERS.find((name) => name === params.get("show")) ?? "coming";
  const drops = data?.items ?? [];
  const shown = filtered(drops, filter);
  const channelName = (channel: string) =>
    channels?.find((each) => each.channel === channel)?.name ?? channel;
  const end = () => setActing(null);

  const actions = (
    <>
      <Select<Filter>
        className="drops-filter"
        aria-label={t("drops.filter")}
        value={filter}
        onChange={(value) => setParams(value === "coming" ? {} : { show: value })}
        options={FILTERS.map((value) => ({ value, label: t(`drops.filter.${value}`) }))}
      />
      <Guarded type="primary" why={whyNot} onClick={() => setMaking(true)}>
        {t("drops.new")}
      </Guarded>
    </>
  );
  return (
    <Frame title={t("nav.drops")} actions={actions}>
      {error && <Alert type="error" banner title={t("table.failed", { detail: troubleWord(t, error) })} />}
      {isPending ? (
        <p className="drops-empty">
          <Spin size="small" /> {t("drops.loading")}
        </p>
      ) : shown.length === 0 ? (
        <p className="drops-empty">{t(drops.length === 0 ? "drops.none" : "drops.nothing")}</p>
      ) : (
        <div className={line === "live" ? "" : "is-stale"}>
          <Sheet label={t("drops.label")}>
            <thead>
              <tr>
                {COLUMNS.map((name) => (
                  <th key={name} scope="col">
                    {t(`drops.column.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((drop) => (
                <DropRow
                  key={drop.id}
                  drop={drop}
                  aheadMs={data?.aheadMs ?? 0}
                  itemName={items?.get(drop.sku)?.name ?? drop.sku}
                  channelName={channelName}
                  whyNot={whyNot}
                  act={(chosen, act) => setActing({ drop: chosen, act })}
                />
              ))}
            </tbody>
          </Sheet>
          <p className="muted num">{t("drops.count", { n: shown.length })}</p>
        </div>
      )}
      {making && <NewDrop taken={new Set(drops.map((drop) => drop.id))} close={() => setMaking(false)} />}
      {acting?.act === "postpone" && <PostponeDialog drop={acting.drop} close={end} />}
      {acting && acting.act !== "postpone" && (
        <StepDialog drop={acting.drop} step={acting.act} channelName={channelName} close={end} />
      )}
    </Frame>
  );
}
