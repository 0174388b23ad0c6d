import { Spin } from "antd";
import type { ChannelDocument, SkuDocument } from "../../api/queries";
import type { ShowDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { SoldBar } from "./SoldBar";

interface Props {
  show: ShowDocument;
  catalog: ReadonlyMap<string, SkuDocument>;
  channels: readonly ChannelDocument[];
}

/** What came of a show: by item and channel, from the ledger. */
export function Results({ show, catalog, channels }: Props) {
  const { t } = usePreferences();
  const { results } = show;
  if (results === null) {
    return (
      <p className="shows-empty muted">
        <Spin size="small" /> {t("show.results.wait")}
      </p>
    );
  }
  const sold = (sku: string | null, channel: string | null) =>
    results
      .filter((each) => (sku ?? each.sku) === each.sku && (channel ?? each.channel) === each.channel)
      .reduce((sum, each) => sum + each.units, 0);
  const planned = show.items.reduce((sum, item) => sum + item.planned, 0);
  const most = Math.max(1, ...show.items.map((item) => Math.max(item.planned, sold(item.sku, null))));
  const nameOf = (id: string) => channels.find((each) => each.channel === id)?.name ?? id;
  return (
    <>
      <Sheet label={t("show.results")}>
        <thead>
          <tr>
            <th>{t("show.results.item")}</th>
            <th>{t("show.results.picture")}</th>
            <th className="shows-number">{t("shows.planned")}</th>
            {show.channels.map((channel) => (
              <th key={channel} className="shows-number">
                {nameOf(channel)}
              </th>
            ))}
            <th className="shows-number">{t("show.results.total")}</th>
            <th className="shows-number">{t("show.results.rate")}</th>
          </tr>
        </thead>
        <tbody>
          {show.items.map((item) => {
            const all = sold(item.sku, null);
            const name = catalog.get(item.sku)?.name ?? item.sku;
            const words = { item: name, planned: units(item.planned), sold: units(all) };
            return (
              <tr key={item.sku} data-testid="result" data-sku={item.sku}>
                <th scope="row" className="rundown-name">
                  <b>{name}</b>
                  <small className="muted num">
                    {item.sku} · {t(`rundown.state.${item.state}`)}
                  </small>
                </th>
                <td>
                  <SoldBar
                    planned={item.planned}
                    sold={all}
                    most={most}
                    label={t("show.results.read", words)}
                  />
                </td>
                <td className="num shows-number">{units(item.planned)}</td>
                {show.channels.map((channel) => (
                  <td key={channel} className="num shows-number">
                    {units(sold(item.sku, channel))}
                  </td>
                ))}
                <td className="num shows-number">
                  <b>{units(all)}</b>
                </td>
                <td className="num shows-number">{Math.round((100 * all) / Math.max(1, item.planned))}%</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {t("show.results.sum")}
            </th>
            <td className="num shows-number">{units(planned)}</td>
            {show.channels.map((channel) => (
              <td key={channel} className="num shows-number">
                {units(sold(null, channel))}
              </td>
            ))}
            <td className="num shows-number">
              <b>{units(sold(null, null))}</b>
            </td>
            <td className="num shows-number">
              {Math.round((100 * sold(null, null)) / Math.max(1, planned))}%
            </td>
          </tr>
        </tfoot>
      </Sheet>
      {show.overruled.map((each) => (
        <p key={each.code} className="muted show-overruled">
          {t("show.overruled", { code: each.code, actor: each.actor, reason: each.reason })}
        </p>
      ))}
    </>
  );
}
