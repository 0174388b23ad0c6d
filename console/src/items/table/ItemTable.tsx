import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { SkuDocument } from "../../api/types";
import { useLine } from "../../live/context";
import { usePreferences } from "../../ui/preferences";
import { ItemRow } from "./ItemRow";

const ROW_HEIGHT = 40;
const COLUMNS = ["code", "name", "price", "cost", "stock", "limits", "window", "state", "acts"] as const;

interface Props {
  items: readonly SkuDocument[];
  all: number;
  query: string;
  whyNot: string | null;
  edit(sku: string): void;
  toggle(item: SkuDocument): void;
}

/** The items, one line each; only the lines in sight are drawn. */
export function ItemTable({ items, all, query, whyNot, edit, toggle }: Props) {
  const { t } = usePreferences();
  const line = useLine();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (at) => items[at]?.sku ?? at,
    overscan: 6,
  });
  return (
    <div
      ref={scroller}
      className={line === "live" ? "items-scroll" : "items-scroll is-stale"}
      role="grid"
      tabIndex={0}
      aria-label={t("items.label")}
      aria-rowcount={items.length + 1}
    >
      <div role="rowgroup" className="items-head">
        <div role="row" className="items-row">
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader" className={`is-${name}`}>
              {t(`items.column.${name}`)}
            </span>
          ))}
        </div>
      </div>
      {items.length > 0 && (
        <div role="rowgroup" className="items-rows" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const item = items[index];
            return item === undefined ? null : (
              <ItemRow
                key={key}
                item={item}
                index={index}
                top={start}
                whyNot={whyNot}
                edit={edit}
                toggle={toggle}
              />
            );
          })}
        </div>
      )}
      {items.length === 0 && (
        <p className="items-empty">
          {all > 0 ? t("items.nothing", { text: query || "–" }) : t("items.none")}
        </p>
      )}
    </div>
  );
}
