import type { LinesBody } from "../api/types";
import type { Translate } from "../i18n/translate";

/** The lines as a form holds them. */
export interface Draft {
  safety: string;
  percentages: string;
  absolute: string;
  soon: string;
  now: string;
  quiet: string;
  escalate: string;
}

const EXAMPLE_PEAK = 1_000;
const EXAMPLE_PER_S = 1;

/** A whole number above 0, or undefined for text that is none. */
export function whole(text: string): number | undefined {
  return /^[1-9]\d*$/.test(text.trim()) ? Number(text.trim()) : undefined;
}

/** Percentages between commas of either language; undefined for text that holds something else. */
export function percentagesOf(text: string): number[] | undefined {
  const parts = text.split(/[,，、\s]+/).filter(Boolean);
  const found = parts.map((part) => whole(part) ?? Number.NaN);
  return found.every((each) => each >= 1 && each <= 99) ? found : undefined;
}

export function draftOf(lines: LinesBody): Draft {
  return {
    safety: String(lines.safety_percent ?? ""),
    percentages: (lines.percentages ?? []).join(", "),
    absolute: lines.absolute ? String(lines.absolute) : "",
    soon: String(lines.empty_soon_s ?? ""),
    now: String(lines.empty_now_s ?? ""),
    quiet: String(lines.quiet_s ?? ""),
    escalate: String(lines.escalate_after_s ?? ""),
  };
}

/** The lines to save; what the form does not show stays as it was. */
export function linesOf(before: LinesBody, draft: Draft): LinesBody {
  return {
    ...before,
    safety_percent: Number(draft.safety),
    percentages: percentagesOf(draft.percentages) ?? [],
    absolute: whole(draft.absolute) ?? null,
    empty_soon_s: Number(draft.soon),
    empty_now_s: Number(draft.now),
    quiet_s: Number(draft.quiet),
    escalate_after_s: Number(draft.escalate),
  };
}

/** What the lines mean for an item of which there were a thousand, in one sentence. */
export function example(t: Translate, draft: Draft): string {
  const percent = (each: number) => Math.floor((EXAMPLE_PEAK * each) / 100);
  const further = (percentagesOf(draft.percentages) ?? []).map(percent).join(" / ");
  const absolute = whole(draft.absolute);
  return t("lines.example", {
    safety: percent(Number(draft.safety) || 0),
    further: further && t("lines.example.further", { units: further }),
    absolute: absolute === undefined ? "" : t("lines.example.absolute", { n: absolute }),
    soon: Math.round((Number(draft.soon) || 0) * EXAMPLE_PER_S),
    now: Math.round((Number(draft.now) || 0) * EXAMPLE_PER_S),
  });
}
