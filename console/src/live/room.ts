import { createContext, useContext } from "react";
import type { ChannelDocument, SkuDocument, SyncDocument } from "../api/queries";
import type { RightDocument, ShowDocument } from "../api/types";
import type { MoveKind } from "../moves/move";
import type { Steps } from "../shows/live/useSteps";

/** What the parts of the room share: the choice, the catalog, and the move being made. */
export interface Room {
  selected: string | null;
  /** The item the host speaks of now; it stands on top. */
  pitched: string | null;
  /** Say that it is this item, or no longer. */
  pitch(sku: string): void;
  select(sku: string): void;
  items: ReadonlyMap<string, SkuDocument>;
  channels: readonly ChannelDocument[];
  sync: ReadonlyMap<string, SyncDocument>;
  move: MoveKind | null;
  openMove(kind: MoveKind | null): void;
  /** The show that is live, and its steps. */
  show: ShowDocument | undefined;
  steps: Steps;
}

export const RoomContext = createContext<Room | null>(null);

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("no room around this part");
  return room;
}

export interface Synced {
  /** By channel: the one listing of the item there, whose rule moves its right. */
  steerable: ReadonlyMap<string, RightDocument>;
  /** Channels that sell it in several listings, or that are not taken over yet: no single rule moves them. */
  others: ReadonlySet<string>;
}

/** Channels that sell an item from a counter of their own. */
export function syncedChannels(sync: ReadonlyMap<string, SyncDocument>, sku: string): Synced {
  const steerable = new Map<string, RightDocument>();
  const others = new Set<string>();
  for (const { channel, listings } of sync.values()) {
    const [first, ...more] = listings.filter((listing) => listing.sku === sku);
    if (!first) continue;
    if (more.length === 0 && first.right !== null && !first.paused) steerable.set(channel, first);
    else others.add(channel);
  }
  return { steerable, others };
}

export interface Mismatch {
  channel: string;
  at: string;
  units: number;
}

/** The newest mismatch of an item's counters; null for none, undefined where no platform counts it. */
export function lastMismatch(sync: ReadonlyMap<string, SyncDocument>, sku: string) {
  let last: Mismatch | null | undefined;
  for (const { channel, listings } of sync.values()) {
    for (const { sku: of, mismatch_at: at, mismatch_units: units } of listings) {
      if (of !== sku) continue;
      last ??= null;
      if (at !== null && (!last || at > last.at)) last = { channel, at, units };
    }
  }
  return last;
}
