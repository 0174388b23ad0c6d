import { createContext, useContext } from "react";
import type { ChannelDocument, SkuDocument, SyncDocument } from "../api/queries";
import type { MoveKind } from "../moves/move";

/** What the parts of the room share: the choice, the catalog, and the move being made. */
export interface Room {
  selected: string | null;
  select(sku: string): void;
  items: ReadonlyMap<string, SkuDocument>;
  channels: readonly ChannelDocument[];
  sync: ReadonlyMap<string, SyncDocument>;
  move: MoveKind | null;
  openMove(kind: MoveKind | null): void;
}

export const RoomContext = createContext<Room | null>(null);

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("no room around this part");
  return room;
}

/** Channels that sell an item from a counter of their own. */
export function syncedChannels(sync: ReadonlyMap<string, SyncDocument>, sku: string): Set<string> {
  const found = [...sync.values()].filter((each) => each.listings.some((listing) => listing.sku === sku));
  return new Set(found.map((each) => each.channel));
}
