import type { Language } from "./picture";

/** What a page says in one language; a count is said in three parts, so that its number keeps its place. */
export interface Words {
  tag: string;
  left: [string, string];
  onlyLeft: [string, string];
  soldOut: string;
  restocked: (units: string) => string;
  age: (seconds: number) => string;
  connecting: string;
  ended: string;
}

const zh: Words = {
  tag: "zh-CN",
  left: ["还剩", "件"],
  onlyLeft: ["仅剩", "件"],
  soldOut: "已售罄",
  restocked: (units) => `已补货 +${units}`,
  age: (seconds) => (seconds < 100 ? `${seconds} 秒前的数据` : `${Math.round(seconds / 60)} 分钟前的数据`),
  connecting: "正在连接…",
  ended: "贴片已停用",
};

const en: Words = {
  tag: "en",
  left: ["", "left"],
  onlyLeft: ["Only", "left"],
  soldOut: "Sold out",
  restocked: (units) => `Restocked +${units}`,
  age: (seconds) => (seconds < 100 ? `as of ${seconds} s ago` : `as of ${Math.round(seconds / 60)} min ago`),
  connecting: "Connecting…",
  ended: "Overlay ended",
};

export function wordsOf(language: Language): Words {
  return language === "en" ? en : zh;
}

/** Thousands are grouped, so that a count is read at a glance. */
export function units(count: number): string {
  return count.toLocaleString("en-US");
}
