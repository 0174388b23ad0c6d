import { Link } from "wouter";
import type { DropDocument } from "../api/types";
import { units } from "../i18n/format";
import { Guarded } from "../ui/Guarded";
import { usePreferences } from "../ui/preferences";
import { dateTime } from "../ui/when";
import { ChannelCell } from "./ChannelCell";
import { Countdown } from "./Countdown";
import { isOver, leftoverWord, limitWords, stepsOf } from "./drop";

/** A drop is never a year away: the date without it reads quicker. */
const YEAR = "2026-".length;
const DAY = "2026-11-11 ".length;

export type Act = ReturnType<typeof stepsOf>[number];

interface Props {
  drop: DropDocument;
  aheadMs: number;
  itemName: string;
  channelName(channel: string): string;
  whyNot: string | null;
  act(drop: DropDocument, act: Act): void;
}

/** One drop: what, where, when, and what can be done with it now. */
export function DropRow({ drop, aheadMs, itemName, channelName, whyNot, act }: Props) {
  const { t } = usePreferences();
  const opens = dateTime(drop.opens_at);
  const closes = drop.closes_at ? dateTime(drop.closes_at) : "";
  const limits = limitWords(t, drop);
  const state = t(`drops.state.${drop.status as "planned"}`);
  return (
    <tr className={isOver(drop) ? "is-ended" : ""} data-drop={drop.id}>
      <th scope="row">{drop.id}</th>
      <td>
        <Link href={`/console/items?sku=${encodeURIComponent(drop.sku)}`}>{itemName}</Link>{" "}
        <span className="muted num">{drop.sku}</span>
        {limits && (
          <div className="muted drops-terms" data-testid="terms">
            {limits}
            {drop.limits_overruled && (
              <span className="drops-behind" title={t("drops.overruled.why")}>
                {" "}
                {t("drops.overruled")}
              </span>
            )}
          </div>
        )}
      </td>
      <td className="num drops-units">{units(drop.quantity)}</td>
      <td className="num">
        <ChannelCell drop={drop} channelName={channelName} />
      </td>
      <td className="num" title={closes ? `${opens} → ${closes}` : opens}>
        {opens.slice(YEAR)}
        {closes && ` → ${closes.slice(closes.slice(0, DAY) === opens.slice(0, DAY) ? DAY : YEAR)}`}
      </td>
      <td className="num drops-left" data-testid="left">
        <Countdown drop={drop} aheadMs={aheadMs} />
      </td>
      <td>
        {drop.status === "closed"
          ? t(drop.kept > 0 ? "drops.returned_kept" : "drops.returned", {
              n: units(drop.returned),
              kept: units(drop.kept),
            })
          : leftoverWord(t, drop)}
      </td>
      <td className={drop.status === "open" ? "drops-open" : ""} data-testid="state">
        {state}
        {drop.waits && (
          <span className="drops-behind" title={drop.waits} data-testid="waits">
            {t("drops.waits")}
          </span>
        )}
      </td>
      <td className="sheet-acts">
        {stepsOf(drop).map((each) => (
          <Guarded
            key={each}
            size="small"
            danger={each === "cancel" || each === "close"}
            why={whyNot}
            onClick={() => act(drop, each)}
          >
            {t(`drops.act.${each}`)}
          </Guarded>
        ))}
      </td>
    </tr>
  );
}
