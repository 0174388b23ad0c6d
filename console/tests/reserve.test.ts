import { describe, expect, it } from "vitest";
import type { ProposalDocument, ShowDocument } from "../src/api/types";
import { queriesOf } from "../src/feed/documents";
import { isMessage, translate } from "../src/i18n/translate";
import { openings, waiting } from "../src/shows/reserve/opening";

const at = (second: number) => `2026-11-26T20:00:${String(second).padStart(2, "0")}Z`;

function proposal(id: string, more: Partial<ProposalDocument>): ProposalDocument {
  const figures = { out_for_s: 3, sold_per_minute: 60, unpaid: 0, left: 20 };
  const explanation = { zh: "主库存已售罄", en: "out" };
  const made = { id, show: "s", sku: "A", units: 5, status: "open", explanation, figures } as const;
  return { ...made, made_at: at(0), expires_at: at(50), decided_by: "", decided_at: null, ...more };
}

describe("the reserve", () => {
  it("asks for what waits in this show, the first to end in front", () => {
    const found = waiting(
      [
        proposal("late", { expires_at: at(59) }),
        proposal("soon", { expires_at: at(30) }),
        proposal("done", { status: "approved" }),
        proposal("elsewhere", { show: "other" }),
      ],
      "s",
    );
    expect(found.map((each) => each.id)).toEqual(["soon", "late"]);
    expect(queriesOf("proposal")).toEqual(["proposals"]);
  });

  it("tells what was proposed and what was opened by hand, the newest first", () => {
    const step = { actor: "key:first", sku: "B", action: "open-reserve" };
    const steps = [
      { ...step, at: at(5), detail: "7 of 20 units in reserve, opened by hand" },
      { ...step, at: at(9), detail: "5 of 13 units in reserve: the main stock has been out for 3 s" },
      { ...step, at: at(9), action: "next", detail: "" },
    ];
    const proposals = [
      proposal("p", { status: "approved", decided_by: "key:wang", decided_at: at(9) }),
      proposal("elsewhere", { show: "other" }),
    ];
    const t = (...rest: Parameters<typeof translate> extends [unknown, ...infer R] ? R : never) =>
      translate("zh", ...rest);
    const found = openings(proposals, { id: "s", steps } as unknown as ShowDocument, t, "zh");
    expect(found.map(({ sku, units, actor, why }) => [sku, units, actor, why])).toEqual([
      ["A", 5, "key:wang", "主库存已售罄"],
      ["B", 7, "key:first", "从剩余 20 件中手动开放"],
    ]);
  });

  it("has words for what becomes of a proposal, and for its steps", () => {
    for (const status of ["open", "approved", "rejected", "expired", "overtaken"])
      expect(isMessage(`reserve.status.${status}`)).toBe(true);
    expect(isMessage("show.step.open-reserve")).toBe(true);
  });
});
