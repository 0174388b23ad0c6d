import { useState } from "react";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { waiting } from "./opening";
import { ProposalCard } from "./ProposalCard";
import { useDecide, useProposals } from "./queries";
import "./reserve.css";

interface Props {
  show: string;
  nameOf(sku: string): string;
  whyNot: string | null;
}

/** What waits for somebody's yes in a show: one at a time, the one that ends first. */
export function Proposals({ show, nameOf, whyNot }: Props) {
  const { t } = usePreferences();
  const decide = useDecide();
  const { data } = useProposals();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [first, ...more] = waiting(data ?? [], show);

  async function run(id: string, decision: "approve" | "reject") {
    setBusy(true);
    setTrouble(null);
    try {
      await decide(id, decision);
    } catch (cause) {
      setTrouble(cause);
    }
    setBusy(false);
  }

  if (!first && trouble === null) return null;
  return (
    <section className="proposals" aria-label={t("reserve.label")}>
      {trouble !== null && (
        <p className="proposal-trouble" role="alert">
          {troubleWord(t, trouble)}
        </p>
      )}
      {first && (
        <ProposalCard
          key={first.id}
          proposal={first}
          name={nameOf(first.sku)}
          more={more.length}
          why={whyNot ?? (busy ? t("show.busy") : null)}
          decide={(decision) => void run(first.id, decision)}
        />
      )}
    </section>
  );
}
