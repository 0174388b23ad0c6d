import { useQuery } from "@tanstack/react-query";
import { call } from "../../../api/client";
import type { UnmappedPage } from "../../../api/types";
import { channelPath } from "../../parts/useWrite";

const UNMAPPED_MS = 5_000;

/** What a channel's orders ask for that no listing maps, read again while it is looked at. */
export function useUnmapped(channel: string) {
  return useQuery({
    queryKey: ["listings", channel, "unmapped"],
    queryFn: async () => (await call<UnmappedPage>("GET", channelPath(channel, "/unmapped"))).items,
    refetchInterval: UNMAPPED_MS,
  });
}
