import { describe, expect, it } from "vitest";
import { translate } from "../src/i18n/translate";
import { draftOf, example, linesOf, percentagesOf, whole } from "../src/warnings/lines";

const LINES = {
  safety_percent: 20,
  percentages: [10, 5],
  absolute: null,
  empty_soon_s: 600,
  empty_now_s: 180,
  clear_units: 7,
  quiet_s: 60,
  escalate_after_s: 120,
};

describe("lines of warnings", () => {
  it("survive the form, with what it does not show", () => {
    expect(linesOf(LINES, draftOf(LINES))).toEqual(LINES);
    expect(linesOf(LINES, { ...draftOf(LINES), absolute: "30" }).absolute).toBe(30);
  });

  it("are read with the commas of either language, and refused when they are none", () => {
    expect(percentagesOf("15，5、 3")).toEqual([15, 5, 3]);
    expect(percentagesOf("")).toEqual([]);
    for (const text of ["a", "0", "100", "5.5", "-5"]) expect(percentagesOf(text)).toBeUndefined();
    expect([whole("20"), whole("0"), whole(" 7 "), whole("1e3")]).toEqual([20, undefined, 7, undefined]);
  });

  it("are told in a sentence", () => {
    const t = (...args: Parameters<typeof translate> extends [unknown, ...infer R] ? R : never) =>
      translate("en", ...args);
    expect(example(t, draftOf({ ...LINES, absolute: 30 }))).toBe(
      "Of a peak of 1,000: a notice at 200, again at 100 / 50, a warning at 30; at 60 a minute, a warning at 600 left and critical at 180.",
    );
  });
});
