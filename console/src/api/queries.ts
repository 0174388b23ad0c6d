import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "./client";
import type { ChannelDocument, ChannelPage, SkuDocument, SkuPage, SyncDocument, SyncPage } from "./types";

const PAGE = 1000;
const CATALOG_MS = 5_000;
const SYNC_MS = 3_000;

async function allItems(): Promise<Map<string, SkuDocument>> {
  const found = new Map<string, SkuDocument>();
  let after: string | null = "";
  while (after !== null) {
    const page: SkuPage = await call("GET", `/v1/skus?limit=${PAGE}&after=${encodeURIComponent(after)}`);
    for (const item of page.items) found.set(item.sku, item);
    after = page.next;
  }
  return found;
}

/** The items by their code, read again every few seconds: the feed tells of stock, not of names and freezes. */
export function useItems() {
  return useQuery({ queryKey: ["skus"], queryFn: allItems, refetchInterval: CATALOG_MS });
}

/** The channels in the order of their code. */
export function useChannels() {
  return useQuery({
    queryKey: ["channels"],
    queryFn: async () => (await call<ChannelPage>("GET", "/v1/channels")).items,
    refetchInterval: CATALOG_MS,
  });
}

/** How the sync of each connected channel stands. */
export function useSync(): ReadonlyMap<string, SyncDocument> {
  const { data } = useQuery({
    queryKey: ["sync"],
    queryFn: async () => (await call<SyncPage>("GET", "/v1/sync")).items,
    refetchInterval: SYNC_MS,
  });
  return useMemo(() => new Map((data ?? []).map((each) => [each.channel, each])), [data]);
}

export type { ChannelDocument, SkuDocument, SyncDocument };
