import type { OverlayDocument } from "../api/types";
import "./overlay.css";
import { follow } from "./stream";
import { ageWords, pictureOf, wishesOf } from "./view";

// No framework: a streaming program draws this page beside its own work.

const STALE_MS = 8_000;
const BACK_MS = 3_000;

const wishes = wishesOf(location.search);
const key = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const card = document.getElementById("overlay");

let item: OverlayDocument | null = null;
let heardAt = 0;
let clockDifference = 0;
let cameBackAt = Number.NEGATIVE_INFINITY;

function part(name: string): HTMLElement {
  const element = document.createElement("div");
  element.className = name;
  card?.append(element);
  return element;
}

const parts = {
  name: part("name"),
  price: part("price"),
  text: part("text"),
  bar: part("bar"),
  age: part("age"),
};
const fill = document.createElement("i");
parts.bar.append(fill);

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function draw(): void {
  if (!card || !item) return;
  const now = Date.now();
  const picture = pictureOf(item, now + clockDifference, wishes);
  const age = now - heardAt;
  card.hidden = false;
  card.dataset.state = picture.state;
  card.dataset.restocked = String(now - cameBackAt < BACK_MS);
  card.dataset.stale = String(age > STALE_MS);
  write(parts.name, picture.name);
  write(parts.price, picture.price);
  write(parts.text, picture.text);
  write(parts.age, age > STALE_MS ? ageWords(age, wishes) : "");
  fill.style.transform = `scaleX(${picture.share})`;
}

function take(data: string): void {
  const news = JSON.parse(data) as OverlayDocument;
  if (item && item.available <= 0 && news.available > 0) cameBackAt = Date.now();
  item = news;
  heardAt = Date.now();
  clockDifference = Date.parse(news.now) - heardAt;
  draw();
}

document.documentElement.lang = wishes.language === "zh" ? "zh-CN" : "en";
document.documentElement.dataset.theme = wishes.theme;
setInterval(draw, 250);
void follow(`/v1/overlay/${encodeURIComponent(wishes.sku)}`, key, take);
