import { useVirtualizer } from "@tanstack/react-virtual";
import { Alert, Spin } from "antd";
import { type CSSProperties, useEffect, useRef } from "react";
import { usePreferences } from "../../ui/preferences";
import { useLine, useLive, useLoaded, useOrder } from "../context";
import { useRoom } from "../room";
import { FirstSteps } from "./FirstSteps";
import { StockRow } from "./StockRow";
import { TableHead } from "./TableHead";

const ROW_HEIGHT = 42;
const NONE: readonly string[] = [];

interface Props {
  shown: readonly string[];
  query: string;
  /** The channels are not known yet, so neither are the columns. */
  waiting: boolean;
  trouble: Error | null;
}

/** All items, one line each; only the lines in sight are drawn. */
export function StockTable({ shown: all, query, waiting, trouble }: Props) {
  const { t } = usePreferences();
  const model = useLive();
  const loaded = useLoaded() && !waiting;
  const shown = loaded ? all : NONE;
  const line = useLine();
  const { channels, selected } = useRoom();
  const order = useOrder();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (at) => shown[at] ?? at,
    overscan: 4,
  });
  const at = selected === null ? -1 : shown.indexOf(selected);
  // Only a new choice scrolls: a line that moves up by its urgency does not drag the view along.
  const latest = useRef({ at, virtual });
  latest.current = { at, virtual };
  useEffect(() => {
    if (selected !== null && latest.current.at >= 0) latest.current.virtual.scrollToIndex(latest.current.at);
  }, [selected]);

  const style = { "--channels": channels.length } as CSSProperties;
  const inSight = virtual.getVirtualItems();
  return (
    <div className={line === "live" ? "stock" : "stock is-stale"} style={style}>
      {trouble && <Alert type="error" banner title={t("table.failed", { detail: trouble.message })} />}
      <div
        ref={scroller}
        className="stock-scroll"
        role="grid"
        tabIndex={0}
        aria-label={t("table.label")}
        aria-rowcount={shown.length + 1}
        aria-activedescendant={inSight.some((item) => item.index === at) ? `row-${selected}` : undefined}
        onMouseMove={() => model.touch()}
      >
        <TableHead />
        <div role="rowgroup" className="stock-rows" style={{ height: virtual.getTotalSize() }}>
          {inSight.map((item) => {
            const sku = shown[item.index];
            return sku === undefined ? null : (
              <StockRow key={item.key} sku={sku} index={item.index} top={item.start} />
            );
          })}
        </div>
        {!loaded && (
          <p className="stock-empty">
            <Spin size="small" /> {t("table.loading")}
          </p>
        )}
      </div>
      {loaded && <FirstSteps />}
      {loaded && order.length > 0 && shown.length === 0 && (
        <p className="stock-empty">{t("table.nothing", { text: query })}</p>
      )}
    </div>
  );
}
