import { describe, expect, it } from "vitest";
import type { DropDocument } from "../src/api/types";
import { bodyOf, filtered, given, stepsOf, total } from "../src/drops/drop";

const drop = (id: string, status: string): DropDocument => ({
  id,
  sku: "A",
  quantity: 3,
  channels: { shop: 3 },
  opens_at: "2026-11-11T12:00:00Z",
  closes_at: null,
  leftover: "return",
  carry_to: "",
  show: "",
  limits: null,
  ticket_gate: null,
  limits_overruled: false,
  status,
  locked_at: null,
  opened_at: null,
  closed_at: null,
  opened: 0,
  sold: 0,
  returned: 0,
  kept: 0,
  one_way: [],
  platforms: [],
  waits: "",
  server_time: "2026-11-11T11:00:00Z",
});

describe("a drop on the page", () => {
  it("is listed by whether anything can still happen, what ended last first", () => {
    const all = ["planned", "locked", "open", "closed", "cancelled"].map((status) => drop(status, status));
    expect(filtered(all, "coming").map((each) => each.id)).toEqual(["planned", "locked", "open"]);
    expect(filtered(all, "closed").map((each) => each.id)).toEqual(["cancelled", "closed"]);
    expect(filtered(all, "all")).toHaveLength(5);
  });

  it("offers the steps that its status allows, and none when it is over", () => {
    expect(stepsOf(drop("a", "locked"))).toEqual(["open", "postpone", "cancel"]);
    expect(stepsOf(drop("a", "open"))).toEqual(["close"]);
    expect(stepsOf(drop("a", "closed"))).toEqual([]);
  });

  it("counts the units that were entered and sends the others nowhere", () => {
    const units = { shop: " 40 ", mini: "", douyin: "2" };
    expect(given(units)).toEqual({ shop: 40, douyin: 2 });
    expect(total(units)).toBe(42);
    const opens = "2026-11-11T20:00:00";
    const plain = { id: "d", sku: "A", units, opens, closes: "", lock: false, limits: {}, gate: "" };
    const body = bodyOf({ ...plain, leftover: "stay" });
    expect(body).toMatchObject({ sku: "A", closes_at: null, leftover: "stay", lock: false });
    expect(body).toMatchObject({ limits: null, ticket_gate: null });
    const limited = { per_order: " 1 ", per_buyer: "" };
    const more = bodyOf({ ...plain, leftover: "return", limits: limited, gate: "noon" });
    expect(more).toMatchObject({ limits: { per_order: 1 }, ticket_gate: "noon" });
    expect(new Date(body.opens_at).getTime()).toBe(new Date(opens).getTime());
  });
});
