import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client";
import type { ListingDocument, ListingPage } from "../../api/types";
import { channelPath } from "../parts/useWrite";

const LISTINGS_MS = 3_000;

/** All listings of a channel, read again while they are looked at. */
export function useListings(channel: string) {
  return useQuery({
    queryKey: ["listings", channel],
    queryFn: async () => {
      const found: ListingDocument[] = [];
      let after: string | null = "";
      while (after !== null) {
        const query = `?limit=1000&after=${encodeURIComponent(after)}`;
        const page: ListingPage = await call("GET", channelPath(channel, `/listings${query}`));
        found.push(...page.items);
        after = page.next;
      }
      return found;
    },
    refetchInterval: LISTINGS_MS,
  });
}
