import { channelsEn, channelsZh } from "./channels";
import { en as liveEn } from "./en";
import { fieldsEn, fieldsZh } from "./fields";
import { importsEn, importsZh } from "./imports";
import { itemsEn, itemsZh } from "./items";
import { ledgerEn, ledgerZh } from "./ledger";
import { settingsEn, settingsZh } from "./settings";
import { zh as liveZh } from "./zh";

const zh = { ...liveZh, ...itemsZh, ...importsZh, ...fieldsZh, ...channelsZh, ...ledgerZh, ...settingsZh };
const en = { ...liveEn, ...itemsEn, ...importsEn, ...fieldsEn, ...channelsEn, ...ledgerEn, ...settingsEn };

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
