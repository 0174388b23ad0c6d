import { memo } from "react";
import { span, speed, units } from "../../i18n/format";
import { Picture } from "../../picture/Picture";
import { channelOf } from "../../stock/item";
import { usePreferences } from "../../ui/preferences";
import { useEntries, useRow } from "../context";
import { useRoom } from "../room";
import { ChannelCell } from "./ChannelCell";
import { MismatchMark } from "./MismatchMark";
import { WarningTag } from "./WarningTag";

interface Props {
  sku: string;
  index: number;
  top: number;
}

/** One item's line. */
export const StockRow = memo(function StockRow({ sku, index, top }: Props) {
  const { t } = usePreferences();
  const row = useRow(sku);
  const { items, channels, selected, pitched, select } = useRoom();
  const refused = useEntries().some((entry) => entry.move.sku === sku && entry.status === "refused");
  if (!row) return null;
  const { item, level, perMinute, seconds } = row;
  const known = items.get(sku);
  const marks = [
    selected === sku && "is-selected",
    row.pending > 0 && "is-pending",
    refused && "is-refused",
    known?.frozen && "is-frozen",
    pitched === sku && "is-pitched",
  ];
  const gone = item.available <= 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrows select a line for the whole page
    <div
      id={`row-${sku}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected === sku}
      data-sku={sku}
      className={`stock-row level-${level} ${marks.filter(Boolean).join(" ")}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => select(sku)}
    >
      <span role="gridcell" className="cell-name">
        <Picture url={known?.image_url} name={known?.name ?? sku} />
        <b title={known?.name ?? sku}>{known?.name ?? sku}</b>
        <small className="num">
          {sku}
          {known?.variant ? ` · ${known.variant}` : ""}
          {pitched === sku && <em className="tag tag-pitched">{t("table.pitched")}</em>}
          {known?.frozen && <em className="tag tag-frozen">{t("table.frozen")}</em>}
          <WarningTag sku={sku} />
          <MismatchMark sku={sku} />
          {item.debt > 0 && <em className="tag tag-debt">{t("table.debt", { n: units(item.debt) })}</em>}
        </small>
      </span>
      <span role="gridcell" className="cell-number cell-available num" data-testid="available">
        {units(item.available)}
      </span>
      <span role="gridcell" className="cell-number cell-left num" data-testid="left">
        {gone ? t("table.gone") : seconds === null ? "–" : span(seconds)}
      </span>
      <span role="gridcell" className="cell-number num" data-testid="pace">
        {perMinute === null ? <small className="muted">{t("table.measuring")}</small> : speed(perMinute)}
      </span>
      {channels.map(({ channel }) => (
        <ChannelCell
          key={channel}
          channel={channel}
          stock={channelOf(item, channel)}
          seconds={row.channelSeconds.get(channel) ?? null}
          couldGive={item.unallocated > 0}
        />
      ))}
      <span role="gridcell" className="cell-number num" data-testid="unallocated">
        {units(item.unallocated)}
      </span>
      <span role="gridcell" className="cell-number num" data-testid="reserve">
        {units(item.reserve)}
      </span>
    </div>
  );
});
