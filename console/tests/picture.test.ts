import { describe, expect, it } from "vitest";
import { initialOf, isPicture, shortAddress } from "../src/picture/address";

describe("the picture of an item", () => {
  it("is an address on the web or a small picture of its own", () => {
    const good = [
      "https://img.example/口红.jpg?w=80",
      "http://10.0.0.2/a.png",
      "data:image/svg+xml,%3Csvg/%3E",
    ];
    expect(good.filter(isPicture)).toEqual(good);
  });

  it("is no script, no page, no file, nothing with a blank and nothing longer than the server takes", () => {
    const bad = [
      "",
      "a.jpg",
      "javascript:alert(1)",
      "data:text/html,<b>",
      "https:///a.jpg",
      "file:///a.jpg",
      "https://img.example/a b.jpg",
      "https://img.example/a.jpg\n",
      "https://img.example/a.jpg\u200b",
      `https://img.example/${"a".repeat(2_048)}`,
    ];
    expect(bad.filter(isPicture)).toEqual([]);
  });

  it("is stood in for by the first letter or digit of the name", () => {
    expect(["雾面口红", "【直播】羽绒服", " mug", "🎁 礼盒", "7 喜", "…"].map(initialOf)).toEqual([
      "雾",
      "直",
      "M",
      "礼",
      "7",
      "·",
    ]);
  });

  it("is told by the beginning of a long address", () => {
    expect(shortAddress("https://img.example/a.jpg")).toBe("https://img.example/a.jpg");
    expect(shortAddress("x".repeat(2_000))).toHaveLength(61);
  });
});
