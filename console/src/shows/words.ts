import { isMessage, type Translate } from "../i18n/translate";

/** A step of a show as people call it. */
export function stepWord(t: Translate, action: string): string {
  const key = `show.step.${action}`;
  return isMessage(key) ? t(key) : action;
}
