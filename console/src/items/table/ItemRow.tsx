import { Button } from "antd";
import { Link } from "wouter";
import type { SkuDocument } from "../../api/types";
import { units } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import { useRow } from "../../live/context";
import { Picture } from "../../picture/Picture";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import { showCents } from "../item";

interface Props {
  item: SkuDocument;
  index: number;
  top: number;
  whyNot: string | null;
  edit(sku: string): void;
  toggle(item: SkuDocument): void;
}

/** One item: what it is, what it costs, what of it can be sold now. */
export function ItemRow({ item, index, top, whyNot, edit, toggle }: Props) {
  const { t } = usePreferences();
  const row = useRow(item.sku);
  const bundle = item.components.length > 0;
  return (
    <div
      role="row"
      className="items-row"
      aria-rowindex={index + 2}
      data-sku={item.sku}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className="is-code num" title={item.sku}>
        {item.sku}
      </span>
      <span role="gridcell" className="is-name" title={`${item.name} ${item.variant}`}>
        <Picture url={item.image_url} name={item.name} />
        <Button type="link" onClick={() => edit(item.sku)}>
          {item.name}
        </Button>
        <span className="muted">{item.variant}</span>
      </span>
      <span role="gridcell" className="is-price num">
        {showCents(item.price_cents) || "–"}
      </span>
      <span role="gridcell" className="is-cost num">
        {showCents(item.cost_cents) || "–"}
      </span>
      <span
        role="gridcell"
        className="is-stock num"
        data-testid="available"
        title={bundle ? t("code.sku_is_bundle") : undefined}
      >
        {bundle || !row ? "–" : units(row.item.available)}
      </span>
      <span role="gridcell" className="is-limits" title={item.limits?.period}>
        {limitWords(t, item) || "–"}
      </span>
      <span role="gridcell" className="is-window num" title={windowTitle(item)}>
        {windowWords(t, item) || "–"}
      </span>
      <span role="gridcell" className="is-state">
        {item.frozen && <b className="items-frozen">❄ {t("table.frozen")}</b>}
        {bundle && <span className="items-bundle">{t("items.bundle", { n: item.components.length })}</span>}
      </span>
      <span role="gridcell" className="is-acts">
        <Guarded size="small" why={whyNot} onClick={() => toggle(item)}>
          {t(item.frozen ? "move.unfreeze" : "move.freeze")}
        </Guarded>
        <Link href={`/console/ledger?sku=${encodeURIComponent(item.sku)}`} className="items-link">
          {t("items.ledger")}
        </Link>
      </span>
    </div>
  );
}

function limitWords(t: Translate, { limits }: SkuDocument): string {
  if (!limits) return "";
  const words: string[] = [];
  if (limits.per_order) words.push(t("items.limit.order", { n: limits.per_order }));
  if (limits.per_buyer) words.push(t("items.limit.buyer", { n: limits.per_buyer }));
  if (limits.per_buyer_across_channels)
    words.push(t("items.limit.all", { n: limits.per_buyer_across_channels }));
  return words.join(" · ");
}

function windowWords(t: Translate, item: SkuDocument): string {
  const short = (text: string) => dateTime(text).slice(5, 16);
  const { sale_opens_at: opens, sale_closes_at: closes } = item;
  if (opens && closes) return `${short(opens)} → ${short(closes)}`;
  if (opens) return t("items.window.from", { at: short(opens) });
  return closes ? t("items.window.to", { at: short(closes) }) : "";
}

function windowTitle(item: SkuDocument): string {
  return [item.sale_opens_at, item.sale_closes_at].map((at) => (at ? dateTime(at) : "…")).join(" → ");
}
