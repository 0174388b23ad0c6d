import { describe, expect, it } from "vitest";
import type { GuardBody, GuardPreviewDocument } from "../src/api/types";
import { draw, linesOf, namesOf } from "../src/guards/names";
import { merge } from "../src/guards/preview/merge";
import { draftOf, guardOf } from "../src/guards/rules/draft";
import { preset } from "../src/guards/rules/presets";
import { sentence, spanWord } from "../src/guards/rules/sentence";
import { type Language, type MessageKey, translate, type Values } from "../src/i18n/translate";

const words = (language: Language) => (key: MessageKey, values?: Values) => translate(language, key, values);
const zh = words("zh");

const FULL: Required<GuardBody> = {
  period: "1111",
  ticket_gate: "hall",
  per_buyer: { window_s: 600, orders: 1, outcome: "queue" },
  per_device: { window_s: 45, units: 3 },
  per_address: { window_s: 604_800, orders: 9, units: 20, outcome: "review" },
  per_payment: { window_s: 60, orders: 2 },
  buyers_per_address: { limit: 2, outcome: "review" },
  account_age_min_s: { limit: 604_800 },
  lists: true,
  units_max: 500,
  loss_cents_max: 123_450,
  breaker: { window_s: 60, units: 100 },
};

describe("the rules of an item as a form", () => {
  it("come out as they went in, whatever rules there are", () => {
    expect(guardOf(draftOf(FULL), FULL)).toEqual(FULL);
    for (const name of Object.keys(FULL) as (keyof GuardBody)[]) {
      const one = { period: "p", [name]: FULL[name] } as GuardBody;
      if (name !== "period") expect(guardOf(draftOf(one), one)).toEqual(one);
    }
  });

  it("end when none is left, and keep what the form does not know", () => {
    expect(guardOf(draftOf({ period: "p" }), null)).toBeNull();
    const newer = { period: "p", rule_of_tomorrow: 7 } as GuardBody;
    expect(guardOf(draftOf(newer), newer)).toEqual(newer);
  });

  it("read in one sentence, in either language", () => {
    const said = sentence(zh, FULL);
    expect(said).toContain("凭「hall」的入场券购买");
    expect(said).toContain("同一买家 10 分钟内最多 1 单（超出排队）");
    expect(said).toContain("同一设备 45 秒内最多 3 件（超出拒绝）");
    expect(said).toContain("7 天内最多 9 单、20 件（超出照卖但待审）");
    expect(said).toContain("最多亏 ¥1234.50");
    expect(sentence(words("en"), FULL)).toContain("a buyer gets at most 1 order in 10 min (else queued)");
    expect(sentence(words("en"), FULL)).not.toMatch(/[{}]|undefined/);
    expect(sentence(zh, null)).toContain("没有规则");
    expect(spanWord(zh, 90)).toBe("90 秒");
    expect(spanWord(zh, 7_200)).toBe("2 小时");
  });
});

describe("presets", () => {
  const own = draftOf({ period: "mine", ticket_gate: "hall", units_max: 77 });

  it("keep period, gate and exposure that are there", () => {
    for (const name of ["flash", "daily", "open_ended"] as const) {
      const made = guardOf(preset(name, own, 300, "2026-11-26"), null);
      expect(made).toMatchObject({ period: "mine", ticket_gate: "hall", lists: true, units_max: 77 });
    }
  });

  it("of an open-ended item limit it to what is there, and never leave it without an end", () => {
    const none = draftOf(null);
    const made = guardOf(preset("open_ended", none, 300, "2026-11-26"), null);
    expect(made).toMatchObject({
      period: "2026-11-26",
      units_max: 300,
      breaker: { window_s: 60, units: 60 },
    });
    expect(guardOf(preset("open_ended", none, undefined, "d"), null)?.units_max).toBe(1_000);
    expect(guardOf(preset("flash", none, 300, "d"), null)?.per_buyer).toEqual({ window_s: 600, orders: 1 });
  });
});

describe("names in lines", () => {
  it("are each one's once; an address keeps its commas", () => {
    expect(namesOf(" ann，bob\r\nann\n\n cyd;dan ")).toEqual(["ann", "bob", "cyd", "dan"]);
    expect(linesOf("1 Road, Town\n\n1 Road, Town\nB")).toEqual(["1 Road, Town", "B"]);
  });

  it("are drawn without a name twice", () => {
    expect(draw(["a", "b", "c", "d"], 3, () => 1)).toEqual(["b", "c", "d"]);
    expect(draw(["a", "b"], 9, () => 0)).toEqual(["a", "b"]);
  });
});

describe("a preview of several items", () => {
  const one: GuardPreviewDocument = {
    tried: 10,
    placed: 7,
    with_signals: 4,
    outcomes: [{ outcome: "refuse", code: "too_fast", tries: 3 }],
    examples: [],
    stopped_early: false,
    clusters: [{ kind: "device", value: "d", tries: 4, buyers: 3, stopped: 2 }],
  };

  it("adds up, the most first, and says where not all was looked at", () => {
    const other: GuardPreviewDocument = {
      ...one,
      outcomes: [
        { outcome: "review", code: "too_fast", tries: 9 },
        { outcome: "refuse", code: "too_fast", tries: 1 },
      ],
      stopped_early: true,
      clusters: [
        { kind: "device", value: "d", tries: 1, buyers: 1, stopped: 0 },
        { kind: "buyer", value: "d", tries: 8, buyers: 1, stopped: 8 },
      ],
    };
    const found = merge(merge(null, "A", one), "B", other);
    expect([found.tried, found.placed, found.withSignals, found.stopped]).toEqual([20, 14, 8, ["B"]]);
    expect(found.outcomes.map((each) => [each.outcome, each.tries])).toEqual([
      ["review", 9],
      ["refuse", 4],
    ]);
    expect(found.clusters.map((each) => [each.kind, each.tries, each.buyers])).toEqual([
      ["buyer", 8, 1],
      ["device", 5, 3],
    ]);
  });
});
