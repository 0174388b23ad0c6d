import { describe, expect, it } from "vitest";
import type { OverlayDocument } from "../src/api/types";
import { EventParser } from "../src/overlay/stream";
import { ageWords, pictureOf, wishesOf } from "../src/overlay/view";

const NOW = Date.parse("2026-11-11T20:00:00Z");
const ITEM: OverlayDocument = {
  sku: "mug",
  name: "马克杯",
  variant: "白",
  price_cents: 4_950,
  available: 23,
  total: 92,
  frozen: false,
  sale_opens_at: null,
  sale_closes_at: null,
  now: "2026-11-11T20:00:00Z",
};

describe("wishes", () => {
  it("are read from the address, and nonsense is left out", () => {
    expect(wishesOf("?sku=a%20b&theme=light&lang=en&few=5")).toEqual({
      sku: "a b",
      theme: "light",
      language: "en",
      few: 5,
    });
    expect(wishesOf("?theme=loud&few=x")).toEqual({ sku: "", theme: "dark", language: "zh", few: 100 });
  });
});

describe("picture", () => {
  const wishes = wishesOf("?sku=mug");
  const state = (part: Partial<OverlayDocument>) => pictureOf({ ...ITEM, ...part }, NOW, wishes).state;

  it("tells what viewers may know", () => {
    expect(pictureOf(ITEM, NOW, wishes)).toEqual({
      state: "few",
      name: "马克杯 白",
      text: "仅剩 23 件",
      share: 0.25,
      price: "¥49.50",
    });
    expect(state({ available: 500 })).toBe("open");
    expect(state({ available: 0 })).toBe("gone");
    expect(state({ frozen: true })).toBe("closed");
    expect(state({ sale_closes_at: "2026-11-11T20:00:00Z" })).toBe("closed");
  });

  it("counts down by the server's clock", () => {
    const soon = pictureOf({ ...ITEM, sale_opens_at: "2026-11-11T20:01:05Z" }, NOW, wishes);
    expect(soon.text).toBe("1:05 后开抢");
    expect(ageWords(75_000, wishes)).toBe("数据更新于 1:15 前");
  });
});

describe("EventParser", () => {
  it("puts together what came in parts", () => {
    const parser = new EventParser();
    expect(parser.push('data: {"a"')).toEqual([]);
    expect(parser.push(":1}\n")).toEqual([]);
    expect(parser.push("\ndata: 2\n\n: quiet\n\ndata")).toEqual(['{"a":1}', "2"]);
    expect(parser.push(": 3\n\n")).toEqual(["3"]);
  });
});
