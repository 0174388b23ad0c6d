import { describe, expect, it } from "vitest";
import type { StockView } from "../src/api/types";
import { channelOf, free, toItem } from "../src/stock/item";
import { Pace } from "../src/stock/pace";
import { judge, levelOf, ordered, secondsLeft } from "../src/stock/urgency";
import { view } from "./views";

describe("toItem", () => {
  it("reads the accounts of all locations", () => {
    const item = toItem(
      view("mug", 7, {
        unallocated: 40,
        reserve: 10,
        "channel:shop": [58, 3],
        "committed:shop": 2,
        supplier: -110,
      }),
    );
    expect(item).toMatchObject({
      sku: "mug",
      version: 7,
      unallocated: 40,
      reserve: 10,
      available: 95,
      debt: 0,
    });
    expect(channelOf(item, "shop")).toEqual({ right: 58, held: 3, sold: 2, debt: 0 });
    expect(free(channelOf(item, "shop"))).toBe(55);
    expect(channelOf(item, "other").right).toBe(0);
  });

  it("adds up what lies in two places", () => {
    const two: StockView = view("mug", 1, { unallocated: 4 });
    two.accounts.push({ account: "unallocated", location: "second", posted: 5, held: 0 });
    expect(toItem(two).unallocated).toBe(9);
  });

  it("shows an oversell as a debt", () => {
    expect(toItem(view("mug", 1, { "oversold:shop": -3 })).debt).toBe(3);
  });
});

describe("Pace", () => {
  const at = (right: number, held: number, sold: number) =>
    toItem(view("mug", 1, { "channel:shop": [right, held], "committed:shop": sold }));

  it("tells no speed before it has watched for a while", () => {
    const pace = new Pace(at(100, 0, 0), 0);
    pace.see(at(100, 5, 0), 5_000);
    expect(pace.perMinute(5_000)).toBeNull();
    expect(pace.perMinute(15_000)).toBe(20);
  });

  it("counts a unit once from hold to shipping, and a released one not", () => {
    const pace = new Pace(at(100, 0, 0), 0);
    pace.see(at(100, 6, 0), 10_000);
    pace.see(at(97, 3, 3), 20_000);
    pace.see(at(97, 0, 3), 30_000);
    pace.see(at(97, 0, 0), 40_000);
    expect(pace.perMinute(60_000)).toBe(3);
    expect(pace.channelPerMinute("shop", 60_000)).toBe(3);
    expect(pace.channelPerMinute("other", 60_000)).toBe(0);
  });

  it("forgets what is older than a minute", () => {
    const pace = new Pace(at(100, 0, 0), 0);
    pace.see(at(100, 30, 0), 10_000);
    pace.see(at(100, 36, 0), 100_000);
    expect(pace.perMinute(120_000)).toBe(6);
    expect(pace.perMinute(200_000)).toBe(0);
  });

  it("keeps a past of bounded length", () => {
    const pace = new Pace(at(9_999, 0, 0), 0);
    for (let second = 1; second < 3_000; second++) pace.see(at(9_999, second, 0), second * 1_000);
    expect(pace.history.length).toBeLessThanOrEqual(300);
    expect(pace.history.at(-1)?.available).toBe(9_999 - 2_998 - 1 + 0);
  });
});

describe("urgency", () => {
  const item = (sku: string, accounts: Record<string, number | [number, number]>) =>
    toItem(view(sku, 1, accounts));

  it("tells how long stock lasts", () => {
    expect(secondsLeft(30, 60)).toBe(30);
    expect(secondsLeft(30, 0)).toBeNull();
    expect(secondsLeft(30, null)).toBeNull();
    expect(secondsLeft(0, 0)).toBe(0);
  });

  it("calls for help in time", () => {
    expect(levelOf(10, 59, false)).toBe("urgent");
    expect(levelOf(10, 299, false)).toBe("watch");
    expect(levelOf(10, 300, false)).toBe("calm");
    expect(levelOf(0, 0, false)).toBe("calm");
    expect(levelOf(0, 0, true)).toBe("urgent");
  });

  it("sees a channel that starves while there is stock to give", () => {
    const starving = item("a", { unallocated: 50, "channel:x": [2, 2], "channel:y": 90 });
    expect(judge(starving, 0).level).toBe("watch");
    const nothingToGive = item("a", { "channel:x": [2, 2], "channel:y": 90 });
    expect(judge(nothingToGive, 0).level).toBe("calm");
  });

  it("puts what burns first, and what is gone for good last", () => {
    const judged = [
      judge(item("gone", {}), 0),
      judge(item("idle", { unallocated: 5 }), 0),
      judge(item("idle-too", { unallocated: 5 }), null),
      judge(item("slow", { unallocated: 500 }), 1),
      judge(item("soon", { unallocated: 100 }), 60),
      judge(item("now", { unallocated: 10 }), 60),
      judge(item("openable", { reserve: 10 }), 0),
      judge(item("owed", { unallocated: 900, "oversold:x": -1 }), 0),
    ];
    expect(ordered(judged)).toEqual(["openable", "now", "owed", "soon", "slow", "idle", "idle-too", "gone"]);
  });
});
