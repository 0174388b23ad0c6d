import type { ManifestDocument, SyncDocument } from "../api/types";
import type { MessageKey } from "../i18n/translate";

export type ChannelState = "direct" | "unconnected" | "connected" | "broken" | "unusable" | "expired";

/** How a channel reaches its shop; `sync` is missing while there is no connection. */
export function stateOf(
  manifest: ManifestDocument | undefined,
  sync: SyncDocument | undefined,
  now: number,
): ChannelState {
  if (manifest && !manifest.needs_connection) return "direct";
  // A platform that we do not know has nothing that could be connected: its orders come by the API.
  if (!manifest && !sync) return "direct";
  if (!sync) return "unconnected";
  // A connection that cannot even be taken up names no platform.
  if (!sync.up && sync.platform === "") return "unusable";
  const ends = authorizedUntil(sync);
  if (ends !== null && ends <= now) return "expired";
  return sync.up ? "connected" : "broken";
}

/** Until when the shop's authorization lasts, in milliseconds: the refresh token renews the other one. */
export function authorizedUntil(sync: SyncDocument): number | null {
  const ends = sync.refresh_expires_at ?? sync.access_expires_at;
  return ends === null ? null : Date.parse(ends);
}

export const SOON_MS = 3 * 86_400_000;

/** A mark before the word, so that colour is not the only sign. */
export const MARKS: Record<ChannelState, string> = {
  direct: "⇄",
  unconnected: "○",
  connected: "●",
  broken: "✕",
  unusable: "!",
  expired: "!",
};

export function stateWord(state: ChannelState): MessageKey {
  return `channels.state.${state}`;
}

/** How loud a state is. */
export function toneOf(state: ChannelState): "calm" | "good" | "urgent" | "muted" {
  if (state === "connected") return "good";
  if (state === "direct") return "calm";
  return state === "unconnected" ? "muted" : "urgent";
}

/** What stands still first: channels that need somebody come before the quiet ones. */
export function byNeed<T extends { state: ChannelState; name: string }>(rows: readonly T[]): T[] {
  const rank = (row: T) => (toneOf(row.state) === "urgent" ? 0 : row.state === "unconnected" ? 1 : 2);
  return [...rows].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "zh"));
}

/** Where a platform has to send its pushes. */
export function webhookOf(origin: string, channel: string): string {
  return `${origin}/v1/channels/${encodeURIComponent(channel)}/webhook`;
}
