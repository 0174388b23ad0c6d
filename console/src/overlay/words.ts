import type { Language } from "./picture";

/** What a page says in one language; a count is said in three parts, so that its number keeps its place. */
export interface Words {
  tag: string;
  left: [string, string];
  onlyLeft: [string, string];
  soldOut: string;
  restocked: (units: string) => string;
  age: (seconds: number) => string;
  /** What is said of the next drop, so long before it opens. */
  next: (ms: number, units: string) => string;
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
  next: (ms, units) => (ms > 0 ? `下一批 ${countdown(ms)} ${units} 件` : `下一批 ${units} 件，马上开售`),
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
  next: (ms, units) => (ms > 0 ? `Next ${units} in ${countdown(ms)}` : `Next ${units}: opening now`),
  connecting: "Connecting…",
  ended: "Overlay ended",
};

export function wordsOf(language: Language): Words {
  return language === "en" ? en : zh;
}

const DAY_S = 86_400;

/** `00:42`, `1:02:03`, `3d`; it is 0 when the time has come, and not a second before. */
export function countdown(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds >= 2 * DAY_S) return `${Math.floor(seconds / DAY_S)}d`;
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ""}${two(minutes)}:${two(seconds % 60)}`;
}

/** Thousands are grouped, so that a count is read at a glance. */
export function units(count: number): string {
  return count.toLocaleString("en-US");
}
