import type { Circumstances } from "../../moves/reasons";
import { mayAs, useWho } from "../../session/session";
import type { ItemStock } from "../../stock/item";
import { usePreferences } from "../../ui/preferences";
import { useLine } from "../context";
import { syncedChannels, useRoom } from "../room";
import { roleWord } from "../words";

/** All that decides whether a move can be made. */
export function useCircumstances(item: ItemStock | undefined): Circumstances {
  const { t } = usePreferences();
  const who = useWho();
  const line = useLine();
  const { channels, sync } = useRoom();
  const synced = syncedChannels(sync, item?.sku ?? "");
  return {
    mayOperate: mayAs(who.role, "operator"),
    roleWord: roleWord(t, who.role),
    live: line === "live",
    item,
    channels: channels.map((each) => each.channel),
    synced: synced.others,
    steerable: synced.steerable,
  };
}
