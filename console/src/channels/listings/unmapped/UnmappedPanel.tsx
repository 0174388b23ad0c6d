import { Button, Checkbox } from "antd";
import { useState } from "react";
import { units } from "../../../i18n/format";
import { Guarded } from "../../../ui/Guarded";
import { useWhyNot } from "../../../ui/may";
import { usePreferences } from "../../../ui/preferences";
import { chosen, sheetOf } from "./unmapped";
import { useUnmapped } from "./useUnmapped";

const PAGE = 20;

interface Props {
  channel: string;
  /** Look at mapping these together. */
  mapAll(sheet: File): void;
  /** Map one by hand. */
  mapOne(listing: string): void;
}

/** Listings that sell but are not mapped; those whose seller code is an item's code are mapped together. */
export function UnmappedPanel({ channel, mapAll, mapOne }: Props) {
  const { t } = usePreferences();
  const why = useWhyNot("operator");
  const { data } = useUnmapped(channel);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState(PAGE);
  if (!data || data.length === 0) return null;
  const wanted = chosen(data, left);

  function toggle(listing: string) {
    const next = new Set(left);
    if (!next.delete(listing)) next.add(listing);
    setLeft(next);
  }

  return (
    <section className="listings" aria-label={t("unmapped.title", { n: data.length })}>
      <header>
        <b className="tone-urgent">! {t("unmapped.title", { n: units(data.length) })}</b>
        <Guarded
          size="small"
          type="primary"
          why={why ?? (wanted.length ? null : t("unmapped.why.none"))}
          onClick={() => mapAll(new File([sheetOf(wanted)], t("unmapped.file"), { type: "text/csv" }))}
        >
          {t("unmapped.map", { n: units(wanted.length) })}
        </Guarded>
      </header>
      <table className="channels">
        <thead>
          <tr>
            <th scope="col">{t("listings.listing")}</th>
            <th scope="col">{t("unmapped.waiting")}</th>
            <th scope="col">{t("unmapped.item")}</th>
          </tr>
        </thead>
        <tbody>
          {data.slice(0, shown).map((item) => (
            <tr key={item.listing} data-unmapped={item.listing}>
              <th scope="row" className="num">
                <Checkbox
                  checked={item.sku !== null && !left.has(item.listing)}
                  disabled={item.sku === null}
                  onChange={() => toggle(item.listing)}
                >
                  {item.listing}
                </Checkbox>
                <small className="muted">
                  {t("unmapped.code")} {item.merchant_code || "–"}
                </small>
              </th>
              <td className="num" data-label={t("unmapped.waiting")}>
                {t("unmapped.waits", { orders: units(item.orders), n: units(item.units) })}
              </td>
              <td data-label={t("unmapped.item")}>
                {item.sku === null ? (
                  <>
                    <span className="muted">{t("unmapped.no_item")}</span>{" "}
                    <Guarded
                      size="small"
                      why={why}
                      aria-label={`${t("unmapped.choose")} ${item.listing}`}
                      onClick={() => mapOne(item.listing)}
                    >
                      {t("unmapped.choose")}
                    </Guarded>
                  </>
                ) : (
                  <>
                    {item.name}
                    <small className="muted num">{item.sku}</small>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.length > shown && (
        <Button size="small" onClick={() => setShown(data.length)}>
          {t("listings.more", { n: data.length - shown })}
        </Button>
      )}
    </section>
  );
}
