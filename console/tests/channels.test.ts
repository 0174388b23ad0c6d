import { describe, expect, it } from "vitest";
import type {
  ConnectionDocument,
  ListingImportDocument,
  ManifestDocument,
  SyncDocument,
  UnmappedListing,
} from "../src/api/types";
import { bodyOf, fieldsOf, missing, typedFrom } from "../src/channels/connect/fields";
import { linesOf } from "../src/channels/listings/file/words";
import { ruleChange, ruleProblem, ruleWords } from "../src/channels/listings/rules";
import { chosen, sheetOf } from "../src/channels/listings/unmapped/unmapped";
import { authorizedUntil, byNeed, stateOf, webhookOf } from "../src/channels/state";
import { moment } from "../src/channels/words";
import { type Translate, translate } from "../src/i18n/translate";

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

const DOUYIN = {
  platform: "douyin",
  base_url: "https://douyin",
  secrets: [] as string[],
} as ManifestDocument;

describe("the keys of a connection", () => {
  const onFile = {
    app_key: "7000",
    shop: "12",
    base_url: "https://douyin",
    settings: { rate_per_s: "5" },
    manifest: DOUYIN,
  } as unknown as ConnectionDocument;

  it("need app and secret the first time", () => {
    expect(missing(fieldsOf(DOUYIN, null), {}).map((field) => field.name)).toEqual(["app_key", "app_secret"]);
    expect(missing(fieldsOf(DOUYIN, onFile), { app_key: "7000" })).toEqual([]);
  });

  it("need an address where the platform has none of its own", () => {
    const shopify = { ...DOUYIN, platform: "shopify", base_url: "" };
    const names = missing(fieldsOf(shopify, null), {}).map((field) => field.name);
    expect(names).toEqual(["app_key", "app_secret", "location_id", "base_url"]);
  });

  it("are left as they are when nothing is typed, and so are settings of others", () => {
    const fields = fieldsOf({ ...DOUYIN, secrets: ["push_key"] }, onFile);
    const typed = typedFrom(fields, onFile);
    expect(typed).toEqual({ app_key: "7000", shop: "12", base_url: "" });
    expect(bodyOf(fields, { ...typed, access_token: " new " }, onFile)).toEqual({
      app_key: "7000",
      shop: "12",
      access_token: "new",
      secrets: {},
      settings: { rate_per_s: "5" },
    });
  });
});

describe("the rule of a listing", () => {
  const t: Translate = (key, values) => translate("en", key, values);

  it("says only what is not at its default", () => {
    expect(ruleWords(t, {})).toBe("weight 1");
    expect(ruleWords(t, { weight: 2, maximum: 0, paused: true })).toBe(
      "weight 2 · maximum 0 · autopilot paused",
    );
  });

  it("tells its change, and what cannot be", () => {
    expect(ruleChange(t, {}, { weight: 1, minimum: 0 })).toBe("");
    expect(ruleChange(t, {}, { fixed: 0 })).toBe("weight 1 → weight 1 · fixed 0");
    expect(ruleProblem(t, { minimum: 5, maximum: 4 })).toBe("The maximum is below the minimum");
    expect(ruleProblem(t, { minimum: 5, maximum: null })).toBe("");
  });
});

describe("listings mapped together", () => {
  const item = (listing: string, sku: string | null): UnmappedListing => {
    const [product = "", variant = ""] = listing.split("/");
    const rest = { warehouse: "", merchant_code: sku ?? "?", orders: 1, units: 1, name: sku };
    return { listing, product, variant, sku, ...rest };
  };

  it("are those with an item that nobody left out", () => {
    const items = [item("1/2", "A"), item("3", "B"), item("5", null)];
    expect(chosen(items, new Set(["3"])).map(({ listing }) => listing)).toEqual(["1/2"]);
  });

  it("make the sheet that an operator would fill in, long ids whole", () => {
    expect(sheetOf([item("3000000000000000001/17", "A")])).toBe(
      "\uFEFFproduct,variant,warehouse,sku,merchant_code\r\n3000000000000000001\t,17,,A,A\r\n",
    );
  });

  it("show in the order of the file, each with what stands against it", () => {
    const plan = {
      rows: [{ row: 4 }, { row: 2 }],
      problems: [{ row: 0 }, { row: 3 }, { row: 4 }],
    } as ListingImportDocument;
    const told = linesOf(plan).map(({ row, change, problems }) => [row, change !== null, problems.length]);
    expect(told).toEqual([
      [2, true, 0],
      [3, false, 1],
      [4, true, 1],
    ]);
  });
});
