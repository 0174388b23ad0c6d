import type { ListingBody, ListingDocument, RuleBody } from "./types";

/** The address of a listing; its name is one part of the path. */
export function listingPath(channel: string, listing: string): string {
  return `/v1/channels/${encodeURIComponent(channel)}/listings/${encodeURIComponent(listing)}`;
}

/** A listing as it stands with another rule. */
export function withRule(listing: ListingDocument, rule: RuleBody): ListingBody {
  return { sku: listing.sku, merchant_code: listing.merchant_code, rule };
}
