import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { call } from "../api/client";
import { useChannels, useSync } from "../api/queries";
import type { ChannelDocument, ManifestDocument, PlatformPage, SyncDocument } from "../api/types";
import type { StockStore } from "../feed/store";
import { useLive } from "../live/context";
import { useNow } from "../live/useNow";
import { channelOf } from "../stock/item";
import { byNeed, type ChannelState, stateOf } from "./state";

const TOTALS_MS = 2_000;

/** What one channel has of all items together, in units. */
export interface Totals {
  right: number;
  held: number;
  sold: number;
  debt: number;
}

export const NO_TOTALS: Totals = { right: 0, held: 0, sold: 0, debt: 0 };

/** One line of the page. */
export interface ChannelRow {
  channel: ChannelDocument;
  name: string;
  manifest: ManifestDocument | undefined;
  sync: SyncDocument | undefined;
  state: ChannelState;
}

/** What can be connected, by the platform's name; it changes only with the server. */
export function usePlatforms(): ReadonlyMap<string, ManifestDocument> {
  const { data } = useQuery({
    queryKey: ["platforms"],
    queryFn: async () => (await call<PlatformPage>("GET", "/v1/platforms")).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => new Map((data ?? []).map((each) => [each.platform, each])), [data]);
}

/** The channels with all that is known of them; those that need somebody stand first. */
export function useChannelRows() {
  const channels = useChannels();
  const platforms = usePlatforms();
  const sync = useSync();
  const now = useNow(30_000);
  const rows = useMemo(
    () =>
      byNeed<ChannelRow>(
        (channels.data ?? []).map((channel) => {
          const manifest = platforms.get(channel.platform);
          const stands = sync.get(channel.channel);
          const state = stateOf(manifest, stands, now);
          return { channel, name: channel.name, manifest, sync: stands, state };
        }),
      ),
    [channels.data, platforms, sync, now],
  );
  return { rows, platforms, loading: channels.isPending, failed: channels.isError, again: channels.refetch };
}

function sums(store: StockStore): Map<string, Totals> {
  const found = new Map<string, Totals>();
  for (const sku of store.skus()) {
    const item = store.row(sku)?.item;
    if (!item) continue;
    for (const name of item.channels.keys()) {
      const { right, held, sold, debt } = channelOf(item, name);
      const now = found.get(name) ?? NO_TOTALS;
      found.set(name, {
        right: now.right + right,
        held: now.held + held,
        sold: now.sold + sold,
        debt: now.debt + debt,
      });
    }
  }
  return found;
}

/** The totals of every channel, added up anew every two seconds. */
export function useTotals(): ReadonlyMap<string, Totals> {
  const { store } = useLive();
  const [totals, setTotals] = useState(() => sums(store));
  useEffect(() => {
    setTotals(sums(store));
    const count = () => setTotals(sums(store));
    const timer = setInterval(count, TOTALS_MS);
    const stop = store.watchOrder(count);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [store]);
  return totals;
}
