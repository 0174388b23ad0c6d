import { describe, expect, it } from "vitest";
import { moodOf, neighbour } from "../src/host/saying";
import { en } from "../src/i18n/en";
import { lag, span, speed, units } from "../src/i18n/format";
import { translate } from "../src/i18n/translate";
import { zh } from "../src/i18n/zh";
import { matching } from "../src/live/dialogs/commands";
import { keyOf } from "../src/live/keys";
import { mayAs } from "../src/session/session";
import { detailWords } from "../src/settings/audit/words";
import { toItem } from "../src/stock/item";
import { judge } from "../src/stock/urgency";
import { view } from "./views";

describe("an entry of the trail", () => {
  const t = (key: Parameters<typeof translate>[1]) => translate("zh", key);
  it("tells old and new in words", () => {
    expect(detailWords(t, { price_cents: "5990 -> 4990", frozen: "false -> true" })).toBe(
      "售价: 59.90 → 49.90 · 冻结: 否 → 是",
    );
    const limits = '{"period":"双11","per_buyer":2}';
    expect(detailWords(t, { limits: `null -> ${limits}` })).toBe("限购: 无 → 周期 双11 每人 2");
    expect(detailWords(t, { components: '[] -> [{"sku":"A","quantity":2}]' })).toBe("组合装: 无 → A × 2");
  });

  it("is not led astray by an arrow in a name, and leaves what is no change as it stands", () => {
    expect(detailWords(t, { name: '"a -> b" -> "c"' })).toBe("名称: a -> b → c");
    expect(detailWords(t, { quantity: 3, sku: "A-1" })).toBe("件数: 3 · 商品: A-1");
    expect(detailWords(t, { name: "'old' -> 'new'" })).toBe("名称: 'old' → 'new'");
  });
});

describe("languages", () => {
  it("name the same values in every message", () => {
    const names = (text: string) => [...text.matchAll(/{(\w+)}/g)].map((match) => match[1]).sort();
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
      expect(names(en[key]), key).toEqual(names(zh[key]));
      expect(zh[key].length, key).toBeGreaterThan(0);
    }
  });

  it("put values in", () => {
    expect(translate("zh", "move.words.give", { channel: "抖音", n: 5 })).toBe("给抖音 5 件");
  });
});

describe("numbers", () => {
  it("read at a glance", () => {
    expect([units(1234), speed(0), speed(4.25), speed(81.4)]).toEqual(["1,234", "0", "4.3", "81"]);
    expect([5, 65, 3_725, 200_000].map(span)).toEqual(["0:05", "1:05", "1h02", "2d"]);
    expect([0.04, 2.51, 30].map(lag)).toEqual(["40ms", "2.5s", "30s"]);
  });
});

describe("keys", () => {
  it("mean the same with a Chinese input method", () => {
    expect(keyOf({ key: "Process", code: "KeyG" })).toBe("g");
    expect(keyOf({ key: "？", code: "Slash" })).toBe("?");
    expect(keyOf({ key: "G", code: "KeyG" })).toBe("g");
    expect(keyOf({ key: "ArrowUp", code: "ArrowUp" })).toBe("ArrowUp");
  });
});

describe("palette", () => {
  it("finds commands by all words typed", () => {
    const command = (word: string, hint = "") => ({ id: word, word, hint, run: () => undefined });
    const all = [command("选中 马克杯", "mug"), command("选中 围巾", "scarf"), command("围巾冻结")];
    expect(matching(all, "围巾").map((each) => each.word)).toEqual(["围巾冻结", "选中 围巾"]);
    expect(matching(all, "选中 SCARF").map((each) => each.hint)).toEqual(["scarf"]);
    expect(matching(all, "nothing")).toEqual([]);
  });
});

describe("roles", () => {
  it("may do what lower ones may", () => {
    expect(mayAs("administrator", "operator")).toBe(true);
    expect(mayAs("viewer", "operator")).toBe(false);
    expect(mayAs("unheard-of", "viewer")).toBe(false);
  });
});

describe("the host", () => {
  const mood = (accounts: Record<string, number>, perMinute: number, frozen = false) =>
    moodOf(judge(toItem(view("mug", 1, accounts)), perMinute), frozen);

  it("is told one thing at a time", () => {
    expect(mood({ unallocated: 900 }, 1)).toBe("plenty");
    expect(mood({ unallocated: 100 }, 30)).toBe("fewer");
    expect(mood({ unallocated: 10 }, 30)).toBe("last");
    expect(mood({ reserve: 5 }, 30)).toBe("refill");
    expect(mood({}, 30)).toBe("gone");
    expect(mood({ unallocated: 10 }, 30, true)).toBe("paused");
  });

  it("goes round the items in order", () => {
    expect([neighbour(["b", "c", "a"], "c", 1), neighbour(["b", "c", "a"], "a", -1)]).toEqual(["a", "c"]);
  });
});
