import { isMessage, type Translate } from "../i18n/translate";

/** Why a transfer was made, in the reader's language where the console itself gave the reason. */
export function reasonWord(t: Translate, reason: string): string {
  const [, undo, plain = ""] = /^(undo )?(.*)$/s.exec(reason) ?? [];
  const key = `reason.${plain.replaceAll(" ", "_")}`;
  if (!isMessage(key)) return reason;
  return undo ? t("move.words.undo", { what: t(key) }) : t(key);
}

/** An account as people call it: its kind, and its channel by name. */
export function accountWord(t: Translate, account: string, nameOf: (channel: string) => string): string {
  const [kind = "", scope = ""] = account.split(/:(.*)/s);
  const key = `account.${kind}`;
  const word = isMessage(key) ? t(key) : kind;
  return scope ? `${word} · ${nameOf(scope)}` : word;
}
