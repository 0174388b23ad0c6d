import { Button, Checkbox, Input, Select } from "antd";
import { type FormEvent, useState } from "react";
import { ApiError } from "../../api/client";
import { listingPath } from "../../api/listings";
import type { ListingBody, SkuDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { useNotices } from "../parts/notice";
import { useWrite } from "../parts/useWrite";

interface Props {
  channel: string;
  /** The listing to begin with; empty for one that is typed in. */
  start: string;
  items: ReadonlyMap<string, SkuDocument>;
  close(): void;
}

/** Says which item one unit of a listing is. */
export function MapForm({ channel, start, items, close }: Props) {
  const { t } = usePreferences();
  const notices = useNotices();
  const { write } = useWrite();
  const [listing, setListing] = useState(start);
  const [sku, setSku] = useState<string | undefined>();
  const [beyond, setBeyond] = useState(false);
  const [lower, setLower] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  function submit(event: FormEvent) {
    event.preventDefault();
    const name = listing.trim();
    if (!name || !sku) return setProblem(t("listings.why.both"));
    const body: ListingBody = { sku, lower_counter: lower };
    setBusy(true);
    write("PUT", listingPath(channel, name), body).then(
      () => {
        close();
        notices.done(t("listings.mapped", { listing: name }));
      },
      (error) => {
        setBusy(false);
        setBeyond(error instanceof ApiError && error.is("counter_beyond_pool"));
        setProblem(troubleWord(t, error));
      },
    );
  }

  return (
    <form className="rule-form" onSubmit={submit} aria-label={t("listings.map")}>
      <label htmlFor="map-listing">{t("listings.listing")}</label>
      <Input
        id="map-listing"
        size="small"
        value={listing}
        placeholder={t("listings.listing.hint")}
        onChange={(event) => setListing(event.target.value)}
      />
      <label htmlFor="map-sku">{t("listings.item")}</label>
      <Select
        id="map-sku"
        size="small"
        value={sku}
        showSearch={{ optionFilterProp: "label" }}
        placeholder={t("listings.item.hint")}
        onChange={setSku}
        options={[...items.values()].map((each) => ({
          value: each.sku,
          label: `${each.name} · ${each.sku}`,
        }))}
      />
      <Button size="small" type="primary" htmlType="submit" loading={busy}>
        {t("listings.map.go")}
      </Button>
      <Button size="small" onClick={close}>
        {t("move.cancel")}
      </Button>
      <p className={problem ? "wizard-problem" : "muted"} role="status">
        {problem || t("listings.map.preflight")}
      </p>
      {beyond && (
        <Checkbox checked={lower} onChange={(event) => setLower(event.target.checked)}>
          {t("listings.lower")}
        </Checkbox>
      )}
    </form>
  );
}
