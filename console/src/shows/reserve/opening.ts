import type { ProposalDocument, ShowDocument } from "../../api/types";
import type { Language, Translate } from "../../i18n/translate";

/** One line of the history: something proposed, or opened by hand. */
export interface Opening {
  key: string;
  at: string;
  sku: string;
  units: number;
  status: ProposalDocument["status"];
  /** Who decided; empty while nobody did. */
  actor: string;
  why: string;
}

/** What a step opened by hand says of itself: `5 of 20 units in reserve, opened by hand`. */
const BY_HAND = /^(\d+) of (\d+) units in reserve, opened by hand$/;
export const SYSTEM = "system:reserve";

/** The proposals that wait, those that end first at the front. */
export function waiting(proposals: readonly ProposalDocument[], show: string): ProposalDocument[] {
  const open = proposals.filter((each) => each.status === "open" && each.show === show);
  return open.sort((a, b) => a.expires_at.localeCompare(b.expires_at));
}

/** All that was proposed or opened in a show, the newest first. */
export function openings(
  proposals: readonly ProposalDocument[],
  show: ShowDocument,
  t: Translate,
  language: Language,
): Opening[] {
  const proposed = proposals
    .filter((each) => each.show === show.id)
    .map(
      (each): Opening => ({
        key: each.id,
        at: each.decided_at ?? each.made_at,
        sku: each.sku,
        units: each.units,
        status: each.status,
        actor: each.decided_by,
        why: each.explanation[language],
      }),
    );
  const byHand = show.steps.flatMap((step): Opening[] => {
    const found = step.action === "open-reserve" ? BY_HAND.exec(step.detail) : null;
    if (!found) return [];
    const why = t("reserve.by_hand", { left: Number(found[2]) });
    const { at, sku, actor } = step;
    return [{ key: `${at} ${sku}`, at, sku, units: Number(found[1]), status: "approved", actor, why }];
  });
  return [...proposed, ...byHand].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
