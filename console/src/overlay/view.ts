import type { OverlayDocument } from "../api/types";
import { span, units } from "../i18n/format";

/** What the address of an overlay asks for. */
export interface Wishes {
  sku: string;
  theme: "dark" | "light" | "festive";
  language: "zh" | "en";
  /** From how many units on the number itself is shown. */
  few: number;
}

const THEMES = ["dark", "light", "festive"] as const;

/** Read the wishes from the part of the address behind the question mark. */
export function wishesOf(search: string): Wishes {
  const asked = new URLSearchParams(search);
  const few = Number(asked.get("few") ?? 100);
  return {
    sku: asked.get("sku") ?? "",
    theme: THEMES.find((theme) => theme === asked.get("theme")) ?? "dark",
    language: asked.get("lang") === "en" ? "en" : "zh",
    few: Number.isFinite(few) && few >= 0 ? few : 100,
  };
}

export type State = "soon" | "open" | "few" | "gone" | "closed";

export interface Picture {
  state: State;
  name: string;
  text: string;
  /** What of everything is left, from 0 to 1. */
  share: number;
  price: string;
}

const WORDS = {
  zh: {
    soon: (time: string) => `${time} 后开抢`,
    open: "火热抢购中",
    few: (left: string) => `仅剩 ${left} 件`,
    gone: "已抢光",
    closed: "暂停抢购",
    old: (age: string) => `数据更新于 ${age} 前`,
  },
  en: {
    soon: (time: string) => `Opens in ${time}`,
    open: "On sale now",
    few: (left: string) => `Only ${left} left`,
    gone: "Sold out",
    closed: "Paused",
    old: (age: string) => `As of ${age} ago`,
  },
} as const;

/** What is shown of an item at a time, by the server's clock. */
export function pictureOf(item: OverlayDocument, nowMs: number, wishes: Wishes): Picture {
  const state = stateOf(item, nowMs, wishes.few);
  const words = WORDS[wishes.language];
  const opensIn = item.sale_opens_at ? Math.ceil((Date.parse(item.sale_opens_at) - nowMs) / 1000) : 0;
  const text =
    state === "soon"
      ? words.soon(span(opensIn))
      : state === "few"
        ? words.few(units(item.available))
        : words[state];
  return {
    state,
    text,
    name: [item.name, item.variant].filter(Boolean).join(" "),
    share: item.total > 0 ? item.available / item.total : 0,
    price: item.price_cents === null ? "" : `¥${(item.price_cents / 100).toFixed(2).replace(/\.00$/, "")}`,
  };
}

function stateOf(item: OverlayDocument, nowMs: number, few: number): State {
  if (item.frozen || (item.sale_closes_at && Date.parse(item.sale_closes_at) <= nowMs)) return "closed";
  if (item.sale_opens_at && Date.parse(item.sale_opens_at) > nowMs) return "soon";
  if (item.available <= 0) return "gone";
  return item.available <= few ? "few" : "open";
}

/** The words under a picture that is no longer new. */
export function ageWords(ageMs: number, wishes: Wishes): string {
  return WORDS[wishes.language].old(span(ageMs / 1000));
}
