import type { CSSProperties } from "react";
import type { SkuDocument } from "../api/queries";
import { useChannels } from "../api/queries";
import type { ShowDocument } from "../api/types";
import { Countdown } from "../drops/Countdown";
import { nextOf } from "../drops/drop";
import { useDrops } from "../drops/queries";
import { span, speed, units } from "../i18n/format";
import { useLine, useLoaded, useRow } from "../live/context";
import { Picture } from "../picture/Picture";
import { comingOf } from "../shows/run";
import { channelOf, free } from "../stock/item";
import { usePreferences } from "../ui/preferences";
import { moodOf, sayingOf } from "./saying";

interface Props {
  sku: string;
  item: SkuDocument | undefined;
  /** The live show, if there is one. */
  show: ShowDocument | undefined;
  nameOf(sku: string): string;
}

/** One item, as large as the screen allows. */
export function HostItem({ sku, item, show, nameOf }: Props) {
  const { t } = usePreferences();
  const row = useRow(sku);
  const line = useLine();
  const loaded = useLoaded();
  const channels = useChannels().data ?? [];
  const drops = useDrops().data;
  const drop = drops && nextOf(drops.items, sku);
  if (!row) return <main className="host-none">{t(loaded ? "host.unknown" : "table.loading", { sku })}</main>;
  const script = show?.items.find((each) => each.sku === sku)?.script;
  const coming = show && comingOf(show);
  const mood = moodOf(row, item?.frozen ?? false);
  const number = units(Math.max(0, row.item.available));
  const price = item?.price_cents;
  return (
    <main className={`host-item mood-${mood} ${line === "live" ? "" : "is-stale"}`} data-mood={mood}>
      <div className={item?.image_url ? "host-name has-picture" : "host-name"}>
        {item?.image_url && <Picture url={item.image_url} name={item.name} />}
        <h2>{item?.name ?? sku}</h2>
        <p>
          {item?.variant} {typeof price === "number" && <b className="num">¥{(price / 100).toFixed(2)}</b>}
        </p>
      </div>
      <p
        className="host-number num"
        data-testid="host-number"
        // The number fills its place however many digits it has.
        style={{ "--digits": Math.max(2, number.length) } as CSSProperties}
      >
        <small>{t("host.left")}</small>
        {number}
      </p>
      <p className="host-say" role="status">
        {t(sayingOf(mood))}
      </p>
      {drop && (
        <p className="host-drop num" data-testid="host-drop">
          {t("host.drop", { n: units(drop.quantity) })} <Countdown drop={drop} aheadMs={drops.aheadMs} />
        </p>
      )}
      {(script || coming) && (
        <div className="host-script" data-testid="host-script">
          {script && <p>{script}</p>}
          {coming && <small>{t("host.coming", { item: nameOf(coming.sku) })}</small>}
        </div>
      )}
      <dl className="host-facts num">
        <div>
          <dt>{t("host.pace")}</dt>
          <dd>{row.perMinute === null ? "–" : speed(row.perMinute)}</dd>
        </div>
        <div>
          <dt>{t("host.empty")}</dt>
          <dd>{row.seconds === null || row.item.available <= 0 ? "–" : span(row.seconds)}</dd>
        </div>
        {channels.map(({ channel, name }) => {
          const left = free(channelOf(row.item, channel));
          return (
            <div key={channel} className={left <= 0 ? "is-out" : ""}>
              <dt>{name}</dt>
              <dd>{left <= 0 ? t("table.gone") : units(left)}</dd>
            </div>
          );
        })}
      </dl>
    </main>
  );
}
