import type { ProposalDocument } from "../../api/types";
import { span, units } from "../../i18n/format";
import { useNow } from "../../live/useNow";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { APPROVE } from "./keys";

interface Props {
  proposal: ProposalDocument;
  name: string;
  /** How many wait behind this one. */
  more: number;
  why: string | null;
  decide(decision: "approve" | "reject"): void;
}

/** One step of the reserve with its size and reason, to say yes or no to. */
export function ProposalCard({ proposal, name, more, why, decide }: Props) {
  const { t, language } = usePreferences();
  const left = (Date.parse(proposal.expires_at) - useNow(1_000)) / 1000;
  return (
    <article className="proposal" data-proposal={proposal.id}>
      <p className="proposal-what">
        <span role="status">
          <b>{name}</b> <b className="num">{t("reserve.open", { n: units(proposal.units) })}</b>
        </span>
        <span className="muted num">
          {left > 0 ? t("reserve.left", { span: span(left) }) : t("reserve.late")}
          {more > 0 && ` · ${t("reserve.more", { n: more })}`}
        </span>
      </p>
      <p className="proposal-why" title={proposal.explanation[language]}>
        {proposal.explanation[language]}
      </p>
      <p className="proposal-acts">
        <Guarded size="small" type="primary" id={APPROVE} why={why} onClick={() => decide("approve")}>
          {t("reserve.approve")} <kbd>Y</kbd>
        </Guarded>
        <Guarded size="small" why={why} onClick={() => decide("reject")}>
          {t("reserve.reject")}
        </Guarded>
      </p>
    </article>
  );
}
