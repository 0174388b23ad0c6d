import type { SkuDocument } from "../../api/queries";
import type { ShowDocument } from "../../api/types";
import { span, units } from "../../i18n/format";
import { useRow } from "../../live/context";
import { usePreferences } from "../../ui/preferences";
import { comingOf } from "../run";

interface Props {
  show: ShowDocument;
  catalog: ReadonlyMap<string, SkuDocument>;
  now: number;
}

/** The item on air, large, with its number; and the one after it. */
export function OnAir({ show, catalog, now }: Props) {
  const { t } = usePreferences();
  const row = useRow(show.current ?? "");
  const name = (sku: string) => catalog.get(sku)?.name ?? sku;
  const item = show.items.find((each) => each.sku === show.current);
  const coming = comingOf(show);
  const nothing = show.items.some((each) => each.state === "done") ? "show.now.over" : "show.now.none";
  const minutes = item?.minutes;
  const lasts = item?.on_air_at ? Math.max(0, (now - new Date(item.on_air_at).getTime()) / 1000) : 0;
  return (
    <div className="control-now">
      <small className="muted">
        {t("show.now")}
        {item && (
          <span className="num">
            {" "}
            · {span(lasts)}
            {minutes ? ` / ${minutes}:00` : ""}
          </span>
        )}
      </small>
      <p className="control-item" data-testid="on-air">
        <b>{item ? name(item.sku) : t(nothing)}</b>
        {item && row && (
          <span className={`control-left num level-${row.level}`}>
            {units(row.item.available)} <small className="muted">{t("show.left")}</small>
          </span>
        )}
      </p>
      <p className="control-coming" data-testid="coming">
        <span className="muted">{t("show.coming")}</span> {coming ? name(coming.sku) : t("show.coming.none")}
        {show.spotlight !== null && show.spotlight !== show.current && (
          <span>
            {" "}
            · {t("show.spotlight.on")} {name(show.spotlight)}
          </span>
        )}
      </p>
    </div>
  );
}
