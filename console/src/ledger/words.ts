import { isMessage, type Translate } from "../i18n/translate";

/** An account as people call it: its kind, and its channel by name. */
export function accountWord(t: Translate, account: string, nameOf: (channel: string) => string): string {
  const [kind = "", scope = ""] = account.split(/:(.*)/s);
  const key = `account.${kind}`;
  const word = isMessage(key) ? t(key) : kind;
  return scope ? `${word} · ${nameOf(scope)}` : word;
}
