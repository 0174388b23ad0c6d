import { describe, expect, it } from "vitest";
import type { SkuDocument } from "../src/api/types";
import { matching } from "../src/items/filter";
import { bodyFrom, bodyOf, draftOf, isCode, readCents, readUnits } from "../src/items/item";

const ITEM: SkuDocument = {
  sku: "lip-1",
  name: "口红",
  variant: "豆沙",
  price_cents: 5990,
  cost_cents: null,
  frozen: true,
  sale_opens_at: "2026-11-25T12:00:07Z",
  sale_closes_at: null,
  limits: { period: "show-1", per_order: 2, per_buyer: null, per_buyer_across_channels: null },
  components: [],
  guard: { period: "show-1", units_max: 500 },
  image_url: "https://img.example/口红.jpg",
  created_at: "2026-11-25T12:00:00Z",
  updated_at: "2026-11-25T12:00:00Z",
};

describe("an item as a form", () => {
  it("comes out as it went in: what nobody touched is sent as it was, the seconds too", () => {
    const { limits, ...rest } = bodyFrom(draftOf(ITEM), ITEM);
    const { limits: old, ...before } = bodyOf(ITEM);
    expect(rest).toEqual(before);
    expect(rest.guard).toEqual(ITEM.guard);
    expect(rest.image_url).toBe(ITEM.image_url);
    expect(limits).toEqual({ period: old?.period, per_order: old?.per_order });
  });

  it("sends every field that an item has: PUT resets what is left out", () => {
    const { sku: _sku, created_at: _created, updated_at: _updated, ...fields } = ITEM;
    expect(bodyOf(ITEM)).toEqual(fields);
    expect(Object.keys(bodyFrom(draftOf(ITEM), ITEM)).sort()).toEqual(Object.keys(fields).sort());
  });

  it("has a picture by its address, or none", () => {
    const draft = draftOf(ITEM);
    expect(bodyFrom({ ...draft, image: " http://10.0.0.2/a.png " }, ITEM).image_url).toBe(
      "http://10.0.0.2/a.png",
    );
    expect(bodyFrom({ ...draft, image: " " }, ITEM).image_url).toBeNull();
  });

  it("reads prices as people write them, and refuses what is none", () => {
    expect(readCents("￥1,299.9")).toBe(129_990);
    expect(readCents("")).toBeNull();
    expect(readCents("5x")).toBeUndefined();
    expect(readCents("1.234")).toBeUndefined();
    expect(readUnits("0")).toBeUndefined();
    expect(readUnits(" 12 ")).toBe(12);
  });

  it("knows codes that the server refuses", () => {
    expect(["A", "口红 1", "a-b.c"].every(isCode)).toBe(true);
    expect(["", " a", "a/b", "x".repeat(65)].some(isCode)).toBe(false);
  });

  it("is found by code, name and variant", () => {
    const other = { ...ITEM, sku: "mug-1", name: "马克杯", variant: "", frozen: false };
    expect(matching([ITEM, other], "豆沙", "all").map((item) => item.sku)).toEqual(["lip-1"]);
    expect(matching([ITEM, other], "", "frozen").map((item) => item.sku)).toEqual(["lip-1"]);
  });
});
