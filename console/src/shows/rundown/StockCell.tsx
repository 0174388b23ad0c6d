import type { RundownItemBody, ShowDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { useRow } from "../../live/context";
import { usePreferences } from "../../ui/preferences";
import { reserveUnits, sellable } from "../draft";

interface Props {
  item: RundownItemBody;
  show: ShowDocument;
  bundle: boolean;
}

/** What is there for the plan, now: too little is told while somebody still plans. */
export function StockCell({ item, show, bundle }: Props) {
  const { t } = usePreferences();
  const stock = useRow(item.sku)?.item;
  if (bundle) return <small className="muted">{t("rundown.stock.bundle")}</small>;
  const there = stock ? sellable(stock, show.channels) : 0;
  const words = t("rundown.stock.there", { n: units(there) });
  // A show that runs sells its plan off, so the two are no longer compared.
  if (show.status !== "planned") return <span className="num">{words}</span>;
  const short = item.planned - there;
  const reserveShort = reserveUnits(item, show.channels.length) - (stock?.unallocated ?? 0);
  const enough = short <= 0 && reserveShort <= 0;
  return (
    <span className={`rundown-stock num ${enough ? "" : "is-short"}`} data-testid="stock">
      <b>
        {short > 0
          ? t("rundown.stock.short", { n: units(short) })
          : reserveShort > 0
            ? t("rundown.stock.reserve", { n: units(reserveShort) })
            : t("rundown.stock.even", { n: units(-short) })}
      </b>
      <small className="muted">{words}</small>
    </span>
  );
}
