import type { TransferDocument } from "../api/types";
import { speed } from "../i18n/format";
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

/** Why the allocation moved units: how fast each channel seemed to sell, the fastest first; empty if not for that. */
export function paceWords(
  t: Translate,
  pace: TransferDocument["pace"],
  nameOf: (channel: string) => string,
): string {
  if (!pace) return "";
  const told = Object.entries(pace)
    .sort(([, one], [, other]) => other - one)
    .map(([channel, rate]) => t("pace.of", { channel: nameOf(channel), rate: speed(rate) }))
    .join(t("pace.comma"));
  return t("pace.why", { pace: told });
}
