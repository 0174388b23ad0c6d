import { useState } from "react";
import type { GuardPreviewCluster } from "../../api/types";
import { units } from "../../i18n/format";
import { Guarded } from "../../ui/Guarded";
import { Sheet } from "../../ui/list/Sheet";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { useGuardWrites, useList } from "../queries";
import { type Done, UndoBar } from "../UndoBar";
import { valueWord } from "../words";
import type { Merged } from "./merge";

const COLUMNS = ["subject", "tries", "buyers", "stopped"] as const;

/** Where most tries came from; what is no customer can be blocked at once, and taken back. */
export function Clusters({ found }: { found: Merged }) {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const writes = useGuardWrites();
  const { data: blocked } = useList("block");
  const [done, setDone] = useState<Done | null>(null);
  const [trouble, setTrouble] = useState("");

  async function block({ kind, value }: GuardPreviewCluster) {
    const entries = [{ kind, value, hashed: true }];
    const reason = t("guards.preview.block.reason");
    setTrouble("");
    try {
      await writes.list("block", entries, reason, true);
      setDone({
        text: `${t("guards.preview.blocked")} ${valueWord(kind, value)}`,
        undo: () => writes.list("block", entries, reason, false),
      });
    } catch (cause) {
      setTrouble(troubleWord(t, cause));
    }
  }

  return (
    <section aria-label={t("guards.preview.clusters")}>
      <h2>{t("guards.preview.clusters")}</h2>
      {found.clusters.length === 0 ? (
        <p className="muted">{t("guards.preview.clusters.none")}</p>
      ) : (
        <Sheet label={t("guards.preview.clusters")}>
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {t(`guards.preview.${name}`)}
                </th>
              ))}
              <th scope="col">{t("guards.column.acts")}</th>
            </tr>
          </thead>
          <tbody>
            {found.clusters.map((cluster) => (
              <tr key={`${cluster.kind} ${cluster.value}`} data-cluster={cluster.value}>
                <th scope="row" title={cluster.value}>
                  <span className="muted">{t(`guards.kind.${cluster.kind}`)}</span>{" "}
                  {valueWord(cluster.kind, cluster.value)}
                </th>
                <td className="num">{units(cluster.tries)}</td>
                <td className="num">{units(cluster.buyers)}</td>
                <td className="num">{units(cluster.stopped)}</td>
                <td className="sheet-acts">
                  {blocked?.some((each) => each.kind === cluster.kind && each.buyer === cluster.value) ? (
                    <span className="muted">{t("guards.preview.blocked")}</span>
                  ) : (
                    <Guarded size="small" danger why={whyNot} onClick={() => void block(cluster)}>
                      {t("guards.preview.block")}
                    </Guarded>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </Sheet>
      )}
      <UndoBar key={done?.text} done={done} fail={(cause) => setTrouble(troubleWord(t, cause))} />
      {trouble && <span role="alert">{trouble}</span>}
    </section>
  );
}
