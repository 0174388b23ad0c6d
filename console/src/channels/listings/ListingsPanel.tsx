import { Button } from "antd";
import { useState } from "react";
import { useItems } from "../../api/queries";
import type { SyncDocument } from "../../api/types";
import { Guarded } from "../../ui/Guarded";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { MapFileDialog } from "./file/MapFileDialog";
import { ListingLine } from "./ListingLine";
import { MapForm } from "./MapForm";
import { UnmappedPanel } from "./unmapped/UnmappedPanel";
import { useListings } from "./useListings";

const PAGE = 50;

/** The listings of a channel: the item of each, its right, its rule; a new one is mapped here. */
export function ListingsPanel({ channel, sync }: { channel: string; sync: SyncDocument | undefined }) {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const items = useItems().data ?? new Map();
  const { data, error } = useListings(channel);
  const [mapping, setMapping] = useState<string | null>(null);
  const [sheet, setSheet] = useState<{ start: File | null } | null>(null);
  const [shown, setShown] = useState(PAGE);
  const problems = new Map(sync?.listings.map((each) => [each.listing, each.problem]));
  return (
    <section className="listings" aria-label={t("channels.listings")}>
      <header>
        <b>{t("listings.title", { n: data?.length ?? 0 })}</b>
        <span className="listings-ways">
          <Guarded size="small" why={whyNot} onClick={() => setSheet({ start: null })}>
            {t("mapping.open")}
          </Guarded>
          <Guarded size="small" type="primary" why={whyNot} onClick={() => setMapping("")}>
            {t("listings.map")}
          </Guarded>
        </span>
      </header>
      {mapping !== null && (
        <MapForm
          key={mapping}
          channel={channel}
          start={mapping}
          items={items}
          close={() => setMapping(null)}
        />
      )}
      {sheet && <MapFileDialog channel={channel} start={sheet.start} close={() => setSheet(null)} />}
      <UnmappedPanel channel={channel} mapAll={(start) => setSheet({ start })} mapOne={setMapping} />
      {error && <p role="alert">{troubleWord(t, error)}</p>}
      {data?.length === 0 && mapping === null && <p className="channels-note">{t("listings.none")}</p>}
      {data && data.length > 0 && (
        <table className="channels">
          <thead>
            <tr>
              <th scope="col">{t("listings.listing")}</th>
              <th scope="col">{t("listings.item")}</th>
              <th scope="col" className="is-number">
                {t("channels.right")}
              </th>
              <th scope="col">{t("listings.rule")}</th>
              <th scope="col">{t("channels.actions")}</th>
            </tr>
          </thead>
          <tbody>
            {data.slice(0, shown).map((listing) => (
              <ListingLine
                key={listing.listing}
                listing={listing}
                name={items.get(listing.sku)?.name ?? listing.sku}
                problem={problems.get(listing.listing) ?? ""}
              />
            ))}
          </tbody>
        </table>
      )}
      {data && data.length > shown && (
        <Button size="small" onClick={() => setShown((now) => now + PAGE)}>
          {t("listings.more", { n: data.length - shown })}
        </Button>
      )}
    </section>
  );
}
