import { Alert, Spin } from "antd";
import { useState } from "react";
import { Link } from "wouter";
import { useItems } from "../../api/queries";
import { units } from "../../i18n/format";
import { Guarded } from "../../ui/Guarded";
import { Sheet } from "../../ui/list/Sheet";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { useGates } from "../queries";
import { IssueTickets } from "./IssueTickets";

/** The gates: how many tickets were given, how many used, and what they open. */
export function TicketsTab() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("integration");
  const { data: gates, error, isPending } = useGates();
  const { data: items } = useItems();
  const [issuing, setIssuing] = useState<string | null>(null);
  const behind = [...(items?.values() ?? [])].filter((item) => item.guard?.ticket_gate);
  const known = new Map(gates?.map((gate) => [gate.gate, gate]));
  // A gate that an item asks for and nobody has a ticket of is where a sale fails: it stands here too.
  const names = [
    ...new Set([...known.keys(), ...behind.map((item) => item.guard?.ticket_gate ?? "")]),
  ].sort();
  return (
    <>
      {error && <Alert type="error" banner title={troubleWord(t, error)} />}
      <div className="guards-bar">
        <Guarded type="primary" why={whyNot} onClick={() => setIssuing("")}>
          {t("tickets.issue")}
        </Guarded>
      </div>
      {isPending ? (
        <p className="guards-empty">
          <Spin size="small" /> {t("guards.loading")}
        </p>
      ) : names.length === 0 ? (
        <p className="guards-empty">{t("tickets.none")}</p>
      ) : (
        <Sheet label={t("tickets.label")}>
          <thead>
            <tr>
              <th scope="col">{t("tickets.gate")}</th>
              <th scope="col">{t("tickets.column.items")}</th>
              <th scope="col">{t("tickets.column.issued")}</th>
              <th scope="col">{t("tickets.column.used")}</th>
              <th scope="col">{t("tickets.column.part")}</th>
              <th scope="col">{t("guards.column.acts")}</th>
            </tr>
          </thead>
          <tbody>
            {names.map((gate) => {
              const { issued, used } = known.get(gate) ?? { issued: 0, used: 0 };
              return (
                <tr key={gate} data-gate={gate}>
                  <th scope="row">{gate}</th>
                  <td>
                    {behind
                      .filter((item) => item.guard?.ticket_gate === gate)
                      .map((item) => (
                        <Link
                          key={item.sku}
                          className="guards-link"
                          href={`/console/guards?sku=${encodeURIComponent(item.sku)}`}
                        >
                          {item.name}
                        </Link>
                      ))}
                  </td>
                  <td className={issued ? "num" : "num guards-is-refuse"}>{units(issued)}</td>
                  <td className="num">{units(used)}</td>
                  <td className="num guards-bar-cell">
                    <i style={{ width: `${issued ? Math.min(100, (100 * used) / issued) : 0}%` }} />
                    {issued ? `${Math.round((100 * used) / issued)}%` : "–"}
                  </td>
                  <td className="sheet-acts">
                    <Guarded size="small" why={whyNot} onClick={() => setIssuing(gate)}>
                      {t("tickets.issue")}
                    </Guarded>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </Sheet>
      )}
      {issuing !== null && <IssueTickets gate={issuing} close={() => setIssuing(null)} />}
    </>
  );
}
