import type { Problem } from "../api/types";
import { units } from "../i18n/format";
import { isMessage, type Translate } from "../i18n/translate";
import type { Move } from "../moves/move";

/** A role as people call it. */
export function roleWord(t: Translate, role: string): string {
  const key = `role.${role}`;
  return isMessage(key) ? t(key) : role;
}

/** A refusal in the reader's language where we have words for its code, else as the server put it. */
export function problemWord(t: Translate, problem: Problem): string {
  const key = `code.${problem.code}`;
  return isMessage(key) ? t(key, problem.facts) : problem.detail;
}

/** What a move does, in a few words. */
export function moveWord(t: Translate, move: Move, channelName: string): string {
  if (move.steering) {
    const { fixed } = move.steering;
    const key = fixed === null ? "move.words.auto" : "move.words.steer";
    const what = t(key, { n: units(fixed ?? 0), channel: channelName });
    return move.undoes ? t("move.words.undo", { what }) : what;
  }
  const key = `move.words.${move.kind}` as const;
  // A freeze is taken back by an unfreeze, which says so itself.
  const switched = move.kind === "freeze" || move.kind === "unfreeze";
  const what = t(key, { n: units(move.quantity), channel: channelName });
  return move.undoes && !switched ? t("move.words.undo", { what }) : what;
}
