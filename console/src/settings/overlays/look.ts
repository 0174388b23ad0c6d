import type { OverlayDocument, ShowingBody } from "../../api/types";
import type { Picture, Shown } from "../../overlay/picture";

/** The most items that the server lets one overlay show. */
export const ITEMS_MAX = 10;

export const CHOICES = {
  theme: ["night", "paper", "festive", "clear"],
  layout: ["card", "bar"],
  place: ["top-left", "top", "top-right", "bottom-left", "bottom", "bottom-right"],
  language: ["zh", "en"],
} as const;

export type Look = Required<ShowingBody>;
export type Moment = "plenty" | "low" | "out" | "back";
export const MOMENTS: readonly Moment[] = ["plenty", "low", "out", "back"];

/** What a new overlay looks like until it is changed. */
export const NEW_LOOK: Look = {
  skus: [],
  theme: "night",
  layout: "card",
  place: "bottom-left",
  language: "zh",
};

/** What an overlay on file shows, to be changed. */
export function lookOf({ skus, theme, layout, place, language }: OverlayDocument): Look {
  return { skus, theme, layout, place, language } as Look;
}

const TOTAL = 300;

/** The picture that viewers see at one moment of a show: the names are the items' own, the numbers are made up. */
export function sample(look: Look, names: readonly string[], moment: Moment): Picture {
  const items = names.map((name, position) => shown(name, position, position === 0 ? moment : "plenty"));
  return { ...look, items };
}

function shown(name: string, position: number, moment: Moment): Shown {
  const back = moment === "back";
  const left = { plenty: TOTAL - 84 - 31 * (position % 6), low: 23, out: 0, back: 120 }[moment];
  return {
    position,
    name,
    remaining: left,
    total: TOTAL,
    state: left === 0 ? "sold_out" : "on_sale",
    restocked: back ? 100 : 0,
    restockedUntil: back ? Number.POSITIVE_INFINITY : 0,
  };
}
