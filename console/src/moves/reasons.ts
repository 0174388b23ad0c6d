import type { RightDocument } from "../api/types";
import type { MessageKey } from "../i18n/zh";
import { channelOf, free, type ItemStock } from "../stock/item";
import type { MoveKind } from "./move";

/** Why a button cannot be pressed, as a message; null when it can. */
export interface Reason {
  key: MessageKey;
  values?: Record<string, string | number>;
}

export interface Circumstances {
  mayOperate: boolean;
  roleWord: string;
  live: boolean;
  item: ItemStock | undefined;
  channels: readonly string[];
  /** Channels whose right no single rule moves. */
  synced: ReadonlySet<string>;
  /** Channels that sell the item from a counter of their own: the rule of this listing moves their right. */
  steerable: ReadonlyMap<string, RightDocument>;
}

/** Why a move cannot be made now. */
export function reasonAgainst(kind: MoveKind, about: Circumstances): Reason | null {
  if (!about.mayOperate) return { key: "move.why.role", values: { role: about.roleWord } };
  if (!about.live) return { key: "move.why.offline" };
  const { item } = about;
  if (!item) return { key: "move.why.none" };
  if (kind === "give") {
    if (about.channels.length === 0) return { key: "move.why.no_channel" };
    if (about.channels.every((name) => about.synced.has(name))) return { key: "move.why.synced" };
    if (item.unallocated <= 0) return { key: "move.why.no_unallocated" };
  }
  if (kind === "recall") {
    const stocked = about.channels.filter((name) => free(channelOf(item, name)) > 0);
    if (stocked.length === 0) return { key: "move.why.nothing_to_recall" };
    if (stocked.every((name) => about.synced.has(name))) return { key: "move.why.synced" };
  }
  if (kind === "auto" && fixedChannels(about).length === 0) return { key: "move.why.no_fixed" };
  if (kind === "open_reserve" && item.reserve <= 0) return { key: "move.why.no_reserve" };
  return null;
}

/** Channels whose right a person has fixed. */
export function fixedChannels(about: Circumstances): string[] {
  return about.channels.filter((name) => (about.steerable.get(name)?.fixed ?? null) !== null);
}

/** Channels that a move may choose, the one that needs it most first. */
export function choices(
  kind: MoveKind,
  about: Circumstances,
  seconds: ReadonlyMap<string, number | null>,
): string[] {
  const { item } = about;
  if (!item || (kind !== "give" && kind !== "recall")) return [];
  const open = about.channels.filter((name) => !about.synced.has(name));
  if (kind === "give") return open;
  return open.filter((name) => free(channelOf(item, name)) > 0 || seconds.has(name));
}

/** The channel to offer first: who runs dry first gets, who has most left gives. */
export function firstChoice(
  kind: MoveKind,
  from: readonly string[],
  item: ItemStock,
  seconds: ReadonlyMap<string, number | null>,
): string {
  const need = (name: string) => seconds.get(name) ?? Number.MAX_SAFE_INTEGER;
  const left = (name: string) => free(channelOf(item, name));
  const ranked = [...from].sort((a, b) =>
    kind === "give" ? need(a) - need(b) || left(a) - left(b) : left(b) - left(a),
  );
  return ranked[0] ?? "";
}
