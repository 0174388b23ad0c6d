import { describe, expect, it } from "vitest";
import { moved, newShowId, proposedPercent, reserveUnits, sellable } from "../src/shows/draft";
import { toItem } from "../src/stock/item";

describe("a rundown", () => {
  it("moves a line and loses none", () => {
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
    expect(moved(["a", "b"], 0, 9)).toEqual(["b", "a"]);
    expect(moved(["a", "b"], 7, 0)).toEqual(["a", "b"]);
  });

  it("proposes a reserve as the server does", () => {
    expect(proposedPercent(10_000, 1)).toBe(11);
    expect(proposedPercent(900, 2)).toBe(15);
    expect(proposedPercent(10, 3)).toBe(20);
    expect(reserveUnits({ sku: "S", planned: 900, strategy: "reserve" }, 2)).toBe(135);
    expect(reserveUnits({ sku: "S", planned: 900, strategy: "reserve", reserve_percent: 0 }, 2)).toBe(0);
    expect(reserveUnits({ sku: "S", planned: 900, strategy: "flash" }, 2)).toBe(0);
  });

  it("counts for a plan what its own channels may sell, without what buyers hold", () => {
    const at = (account: string, posted: number, held = 0) => ({ account, location: "main", posted, held });
    const stock = toItem({
      sku: "S",
      version: 1,
      on_hand: 0,
      available: 0,
      held: 0,
      committed: 0,
      accounts: [at("unallocated", 40), at("reserve", 5), at("channel:mine", 30, 4), at("channel:other", 99)],
    });
    expect(sellable(stock, ["mine", "none"])).toBe(71);
  });

  it("names a show by its day", () => {
    expect(newShowId(new Date("2026-11-11T12:00:00Z"), () => 0.5)).toMatch(/^show-20261111-[0-9a-z]{4}$/);
  });
});
