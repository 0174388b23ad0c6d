import { Button } from "antd";
import { Link } from "wouter";
import { units } from "../i18n/format";
import { Sheet } from "../ui/list/Sheet";
import { usePreferences } from "../ui/preferences";
import { dateTime } from "../ui/when";
import type { Step } from "./history";
import type { Fact } from "./useTransfers";
import { accountWord, paceWords, reasonWord } from "./words";

interface Props {
  steps: readonly Step[];
  /** Whether one account is looked at, so that every row has a sign and a balance. */
  walking: boolean;
  nameOf(channel: string): string;
  look(sku: string, account: string): void;
  only(fact: Fact, value: string): void;
}

/** Transfers, the newest first; of one account with what it had after each. */
export function TransferTable({ steps, walking, nameOf, look, only }: Props) {
  const { t } = usePreferences();
  const place = (sku: string, account: string) => (
    <Button type="link" size="small" title={t("ledger.only")} onClick={() => look(sku, account)}>
      {accountWord(t, account, nameOf)}
    </Button>
  );
  const narrow = (fact: Fact, value: string, word: string) => (
    <Button type="link" size="small" title={t("ledger.narrow")} onClick={() => only(fact, value)}>
      {word}
    </Button>
  );
  return (
    <Sheet label={t("nav.ledger")}>
      <thead>
        <tr>
          <th scope="col">{t("ledger.at")}</th>
          <th scope="col">{t("table.item")}</th>
          <th scope="col" className="ledger-number">
            {t("ledger.quantity")}
          </th>
          {walking && (
            <th scope="col" className="ledger-number">
              {t("ledger.after")}
            </th>
          )}
          <th scope="col">{t("ledger.from")}</th>
          <th scope="col">{t("ledger.to")}</th>
          <th scope="col">{t("ledger.cause")}</th>
          <th scope="col">{t("ledger.actor")}</th>
          <th scope="col">{t("ledger.proof")}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ transfer, change, after }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the legs of a hold have no name, and rows only come at the end
          <tr key={`${transfer.id ?? transfer.reference}-${at}`} data-testid="transfer">
            <td className="num" title={t("ledger.event", { at: dateTime(transfer.event_at) })}>
              {dateTime(transfer.recorded_at)}
            </td>
            <td>
              <Button type="link" size="small" className="num" onClick={() => look(transfer.sku, "")}>
                {transfer.sku}
              </Button>
            </td>
            <td className="ledger-number num" data-testid="change">
              {walking ? `${change > 0 ? "+" : "−"}${units(Math.abs(change))}` : units(transfer.quantity)}
            </td>
            {walking && (
              <td className="ledger-number num" data-testid="after">
                {units(after)}
              </td>
            )}
            <td>{place(transfer.sku, transfer.from)}</td>
            <td>{place(transfer.sku, transfer.to)}</td>
            <td className="ledger-cause">
              {transfer.id === null
                ? narrow("reference", transfer.reference, t("ledger.order", { id: transfer.reference }))
                : narrow("reason", transfer.reason, reasonWord(t, transfer.reason) || transfer.id)}
              {transfer.pace && (
                <small className="muted ledger-pace" data-testid="pace">
                  {paceWords(t, transfer.pace, nameOf)}
                </small>
              )}
            </td>
            <td>{narrow("actor", transfer.actor, transfer.actor)}</td>
            <td>
              <Link
                className="ledger-link"
                href={`/console/settings?${new URLSearchParams({ tab: "audit", target: transfer.id ?? transfer.reference })}`}
              >
                {t("ledger.audit")}
              </Link>
            </td>
          </tr>
        ))}
      </tbody>
    </Sheet>
  );
}
