import { ApiError, NoAnswer } from "../api/client";
import type { Translate } from "../i18n/translate";
import { problemWord } from "../live/words";

/** What went wrong, for whoever waits for the answer. */
export function troubleWord(t: Translate, error: unknown): string {
  if (error instanceof ApiError) return problemWord(t, error.problem);
  if (error instanceof NoAnswer) return t("settings.no_answer");
  return error instanceof Error ? error.message : String(error);
}
