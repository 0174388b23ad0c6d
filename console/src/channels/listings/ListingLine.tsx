import { Popconfirm } from "antd";
import { useState } from "react";
import { listingPath, withRule } from "../../api/listings";
import type { ListingDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { Guarded } from "../../ui/Guarded";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { useNotices } from "../parts/notice";
import { useWrite } from "../parts/useWrite";
import { RuleForm } from "./RuleForm";
import { ruleWords } from "./rules";

interface Props {
  listing: ListingDocument;
  name: string;
  /** What the platform says if it refuses this one. */
  problem: string;
}

/** One listing with its item and rule. */
export function ListingLine({ listing, name, problem }: Props) {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const notices = useNotices();
  const { write } = useWrite();
  const [editing, setEditing] = useState(false);
  const path = listingPath(listing.channel, listing.listing);

  function unmap() {
    const back = () => write("PUT", path, withRule(listing, listing.rule));
    write("DELETE", path).then(
      () => notices.done(t("listings.unmapped", { listing: listing.listing }), back),
      notices.failed,
    );
  }

  const holdsRight = listing.right ? t("listings.why.right", { n: units(listing.right) }) : null;
  const whyNotUnmap = whyNot ?? holdsRight;
  const unmapButton = (
    <Guarded size="small" why={whyNotUnmap} aria-label={`${t("listings.unmap")} ${listing.listing}`}>
      {t("listings.unmap")}
    </Guarded>
  );
  return (
    <>
      <tr data-listing={listing.listing}>
        <th scope="row" className="num">
          {listing.listing}
          <small className="muted">{listing.merchant_code}</small>
          {problem && <small className="is-urgent">✕ {problem}</small>}
        </th>
        <td data-label={t("listings.item")}>
          {name}
          <small className="muted num">{listing.sku}</small>
        </td>
        <td className="num is-number" data-label={t("channels.right")} data-testid="listing-right">
          {listing.right === null ? t("listings.taking_over") : units(listing.right)}
          {listing.open_writes > 0 && (
            <small className="muted">{t("listings.writes", { n: listing.open_writes })}</small>
          )}
        </td>
        <td data-label={t("listings.rule")} data-testid="rule">
          {ruleWords(t, listing.rule)}
        </td>
        <td className="channels-actions">
          <Guarded
            size="small"
            why={whyNot}
            aria-label={`${t("listings.edit")} ${listing.listing}`}
            aria-expanded={editing}
            onClick={() => setEditing((now) => !now)}
          >
            {t("listings.edit")}
          </Guarded>
          {whyNotUnmap ? (
            unmapButton
          ) : (
            <Popconfirm title={t("listings.unmap.ask")} okText={t("listings.unmap")} onConfirm={unmap}>
              {unmapButton}
            </Popconfirm>
          )}
        </td>
      </tr>
      {editing && (
        <tr>
          <td colSpan={5}>
            <RuleForm listing={listing} close={() => setEditing(false)} />
          </td>
        </tr>
      )}
    </>
  );
}
