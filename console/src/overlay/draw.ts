import { isLow, type Picture, partLeft, type Shown } from "./picture";
import { units, type Words, wordsOf } from "./words";

interface Line {
  root: HTMLElement;
  name: HTMLElement;
  lead: HTMLElement;
  number: HTMLElement;
  unit: HTMLElement;
  badge: HTMLElement;
  next: HTMLElement;
  digits: number;
}

/** Puts a picture on the page; a line's boxes are made once, and only their words and colours change after. */
export class Drawing {
  private readonly stage = made("main", "stage");
  private readonly list = made("div", "list");
  private readonly chip = made("div", "chip");
  private lines: Line[] = [];

  constructor(private readonly page: HTMLElement) {
    this.stage.append(this.list, this.chip);
    page.append(this.stage);
    this.note("");
  }

  /** `aheadMs` is the server's clock less this one. */
  show(picture: Picture, now: number, aheadMs = 0): void {
    const { theme, layout, place, language, items } = picture;
    const words = wordsOf(language);
    // Of the page that is drawn on: in the console that is a frame, and not the page around it.
    this.page.ownerDocument.documentElement.lang = words.tag;
    Object.assign(this.stage.dataset, { theme, layout, place, crowd: items.length > 3 ? "many" : "few" });
    if (this.lines.length !== items.length) {
      this.lines = items.map(newLine);
      this.list.replaceChildren(...this.lines.map((line) => line.root));
    }
    for (const [index, item] of items.entries()) {
      const line = this.lines[index];
      if (!line) continue;
      fill(line, item, words, now);
      put(
        line.next,
        item.next ? words.next(item.next.opens_at_ms - now - aheadMs, units(item.next.units)) : "",
      );
    }
  }

  /** A word about the line itself; it stands outside of the list and moves nothing. */
  note(text: string): void {
    put(this.chip, text);
    this.chip.hidden = text === "";
    this.stage.toggleAttribute("data-stale", text !== "");
  }

  clear(): void {
    this.lines = [];
    this.list.replaceChildren();
  }
}

function fill(line: Line, item: Shown, words: Words, now: number): void {
  const soldOut = item.state === "sold_out";
  const [lead, unit] = isLow(item) ? words.onlyLeft : words.left;
  const fresh = item.restockedUntil > now;
  put(line.name, item.name);
  put(line.lead, soldOut ? words.soldOut : lead);
  put(line.number, soldOut ? "" : units(item.remaining));
  put(line.unit, soldOut ? "" : unit);
  if (fresh) put(line.badge, words.restocked(units(item.restocked)));
  line.root.dataset.state = soldOut ? "sold-out" : isLow(item) ? "low" : "plenty";
  line.root.toggleAttribute("data-restocked", fresh);
  line.root.style.setProperty("--part", String(partLeft(item)));
  // The number's box never shrinks, so that nothing beside it moves when a digit goes.
  const digits = units(item.remaining).length;
  if (digits > line.digits) {
    line.digits = digits;
    line.root.style.setProperty("--digits", String(digits));
  }
}

function newLine(): Line {
  const root = made("section", "item");
  const name = made("div", "name");
  const count = made("div", "count");
  const [lead, number, unit] = [made("span", "lead"), made("b", "number"), made("span", "unit")];
  const bar = made("div", "bar");
  const badge = made("div", "badge");
  const next = made("div", "next");
  count.append(lead, number, unit);
  bar.append(made("i", "fill"));
  root.append(name, count, bar, next, badge);
  return { root, name, lead, number, unit, badge, next, digits: 0 };
}

function made(tag: string, name: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

function put(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
