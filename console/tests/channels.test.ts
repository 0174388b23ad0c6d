import { describe, expect, it } from "vitest";
import type { ManifestDocument, SyncDocument } from "../src/api/types";
import { authorizedUntil, byNeed, stateOf, webhookOf } from "../src/channels/state";
import { moment } from "../src/channels/words";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const platform = { needs_connection: true } as ManifestDocument;
const own = { needs_connection: false } as ManifestDocument;

function sync(part: Partial<SyncDocument>): SyncDocument {
  const stands = { up: true, platform: "douyin", refresh_expires_at: null, access_expires_at: null };
  return { ...stands, ...part } as SyncDocument;
}

describe("the state of a channel", () => {
  it.each([
    ["our own shop", own, undefined, "direct"],
    ["a platform nobody knows", undefined, undefined, "direct"],
    ["no connection", platform, undefined, "unconnected"],
    ["all well", platform, sync({}), "connected"],
    ["too many failures in a row", platform, sync({ up: false }), "broken"],
    ["settings that cannot be taken up", platform, sync({ up: false, platform: "" }), "unusable"],
    ["authorization over", platform, sync({ refresh_expires_at: "2026-11-25T11:00:00Z" }), "expired"],
    [
      "an access token that is renewed",
      platform,
      sync({ access_expires_at: "2026-11-25T11:00:00Z", refresh_expires_at: "2026-12-01T00:00:00Z" }),
      "connected",
    ],
  ] as const)("%s", (_, manifest, stands, state) => {
    expect(stateOf(manifest, stands, NOW)).toBe(state);
  });

  it("knows no end of an authorization that has none", () => {
    expect(authorizedUntil(sync({}))).toBeNull();
  });

  it("puts first what needs somebody", () => {
    const rows = [
      { name: "a", state: "connected" },
      { name: "b", state: "unconnected" },
      { name: "c", state: "broken" },
    ] as const;
    expect(byNeed(rows).map((row) => row.name)).toEqual(["c", "b", "a"]);
  });
});

describe("words of a channel", () => {
  it("gives the address of pushes", () => {
    expect(webhookOf("https://here", "dou yin")).toBe("https://here/v1/channels/dou%20yin/webhook");
  });

  it("tells an older time with its day", () => {
    const now = new Date(2026, 10, 25, 12, 0, 0);
    expect(moment(new Date(2026, 10, 25, 9, 5, 7).toISOString(), now)).toBe("09:05:07");
    expect(moment(new Date(2026, 10, 24, 9, 5, 7).toISOString(), now)).toBe("11-24 09:05");
  });
});
