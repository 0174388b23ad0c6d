import { en as liveEn } from "./en";
import { channelsEn, channelsZh } from "./pages/channels";
import { dropsEn, dropsZh } from "./pages/drops";
import { fieldsEn, fieldsZh } from "./pages/fields";
import { guardsEn, guardsZh } from "./pages/guards/rules";
import { guardWorkEn, guardWorkZh } from "./pages/guards/work";
import { importsEn, importsZh } from "./pages/imports";
import { itemsEn, itemsZh } from "./pages/items";
import { ledgerEn, ledgerZh } from "./pages/ledger";
import { overlaysEn, overlaysZh } from "./pages/overlays";
import { settingsEn, settingsZh } from "./pages/settings";
import { reserveEn, reserveZh } from "./pages/shows/reserve";
import { rundownEn, rundownZh } from "./pages/shows/rundown";
import { showsEn, showsZh } from "./pages/shows/shows";
import { destinationsEn, destinationsZh } from "./pages/warnings/destinations";
import { warningsEn, warningsZh } from "./pages/warnings/warnings";
import { zh as liveZh } from "./zh";

const zh = {
  ...liveZh,
  ...channelsZh,
  ...destinationsZh,
  ...dropsZh,
  ...fieldsZh,
  ...guardsZh,
  ...guardWorkZh,
  ...importsZh,
  ...itemsZh,
  ...ledgerZh,
  ...overlaysZh,
  ...reserveZh,
  ...rundownZh,
  ...settingsZh,
  ...showsZh,
  ...warningsZh,
};
const en = {
  ...liveEn,
  ...channelsEn,
  ...destinationsEn,
  ...dropsEn,
  ...fieldsEn,
  ...guardsEn,
  ...guardWorkEn,
  ...importsEn,
  ...itemsEn,
  ...ledgerEn,
  ...overlaysEn,
  ...reserveEn,
  ...rundownEn,
  ...settingsEn,
  ...showsEn,
  ...warningsEn,
};

export type MessageKey = keyof typeof zh;

export type Language = "zh" | "en";
export type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, values?: Values) => string;

const MESSAGES: Record<Language, Record<MessageKey, string>> = { zh, en };

/** The text of a message with its values put in. */
export function translate(language: Language, key: MessageKey, values: Values = {}): string {
  return MESSAGES[language][key].replace(/{(\w+)}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Whether a code of the server has words of our own. */
export function isMessage(key: string): key is MessageKey {
  return key in zh;
}
