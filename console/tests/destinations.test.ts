import { describe, expect, it } from "vitest";
import type { DestinationDocument } from "../src/api/types";
import { queriesOf } from "../src/feed/documents";
import { isMessage } from "../src/i18n/translate";
import {
  addressesOf,
  bodyOf,
  codeFor,
  draftOf,
  isSecret,
  KINDS,
  newSecret,
  SECRETS,
  stateOf,
  switched,
} from "../src/warnings/destinations/destination";

const FOUND: DestinationDocument = {
  destination: "dingtalk",
  revision: 3,
  name: "运营群",
  kind: "dingtalk",
  host: "oapi.dingtalk.com",
  secrets: ["address", "secret"],
  language: "en",
  level: "critical",
  skus: ["A"],
  enabled: true,
  delivery: {
    waiting: 0,
    last_success_at: null,
    last_error_at: null,
    last_error: null,
    paused_until: null,
    given_up: 0,
  },
};

describe("destinations", () => {
  it("have words for every kind", () => {
    for (const kind of KINDS) {
      expect(isMessage(`dest.kind.${kind}`)).toBe(true);
      expect(isMessage(`dest.where.${kind}`)).toBe(true);
    }
  });

  it("send only what their kind needs", () => {
    const draft = { ...draftOf(null, ""), name: " 群 ", address: " https://a.example/x ", secret: "SEC1" };
    for (const kind of KINDS) {
      const body = bodyOf({ ...draft, kind, oldSecret: "whsec_old", host: "smtp.qq.com" }, true);
      expect(body.name).toBe("群");
      expect(body.address ?? null).toBe(kind === "email" ? null : "https://a.example/x");
      expect(body.secret ?? null).toBe(SECRETS[kind] === "none" ? null : "SEC1");
      expect(body.old_secret ?? null).toBe(kind === "webhook" ? "whsec_old" : null);
      expect(body.mail?.host ?? null).toBe(kind === "email" ? "smtp.qq.com" : null);
    }
    expect(addressesOf("a@b.cn，c@d.cn; e@f.cn")).toEqual(["a@b.cn", "c@d.cn", "e@f.cn"]);
  });

  it("keep what they are and their secrets when they are paused", () => {
    const body = switched(FOUND, false);
    expect(body).toMatchObject({ name: "运营群", level: "critical", language: "en", skus: ["A"] });
    expect([body.enabled, body.address, body.secret]).toEqual([false, null, null]);
    expect(switched({ ...FOUND, kind: "email" }, true)).toMatchObject({ enabled: true, mail: null });
  });

  it("stand as the last thing that happened says", () => {
    const at = (last_success_at: string | null, last_error_at: string | null) =>
      stateOf({ ...FOUND, delivery: { ...FOUND.delivery, last_success_at, last_error_at } });
    const [early, late] = ["2026-11-26T10:00:00Z", "2026-11-26T10:00:05Z"];
    expect([at(null, null), at(early, null), at(early, late), at(late, early), at(null, early)]).toEqual([
      "new",
      "fine",
      "failing",
      "fine",
      "failing",
    ]);
    expect(stateOf({ ...FOUND, enabled: false })).toBe("off");
    expect(queriesOf("destination")).toEqual(["destinations"]);
  });

  it("sign with a secret of 32 bytes and have a code of their own", () => {
    const secret = newSecret((bytes) => bytes.fill(7));
    expect(atob(secret.slice("whsec_".length))).toBe("\x07".repeat(32));
    expect([isSecret(secret), isSecret("whsec_short"), isSecret("SEC1")]).toEqual([true, false, false]);
    expect(codeFor("slack", new Set(["slack", "slack-2"]))).toBe("slack-3");
  });
});
