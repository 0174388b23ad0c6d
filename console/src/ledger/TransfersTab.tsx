import { Alert, Spin } from "antd";
import { More } from "../ui/list/More";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { balanceOf, walkBack } from "./history";
import { TransferTable } from "./TransferTable";
import { FACTS, type Fact, type useTransfers, type Wanted } from "./useTransfers";
import { Why } from "./Why";

interface Props {
  ledger: ReturnType<typeof useTransfers>;
  wanted: Wanted;
  nameOf(channel: string): string;
  look(sku: string, account: string): void;
  only(fact: Fact, value: string): void;
}

/** The transfers; of one account with the sum that they come to. */
export function TransfersTab({ ledger, wanted, nameOf, look, only }: Props) {
  const { t } = usePreferences();
  const pages = ledger.data?.pages ?? [];
  const transfers = pages.flatMap((page) => page.items);
  const stock = pages[0]?.stock ?? null;
  const { posted } = balanceOf(stock, wanted.account);
  // A part of the transfers does not add up to a balance.
  const whole = FACTS.every((fact) => !wanted[fact]);
  const walking = stock !== null && wanted.account !== "" && whole;
  if (ledger.isPending) return <Spin />;
  return (
    <>
      {ledger.error && (
        <Alert type="error" banner title={t("table.failed", { detail: troubleWord(t, ledger.error) })} />
      )}
      {walking && (
        <Why
          stock={stock}
          account={wanted.account}
          transfers={transfers}
          whole={!ledger.hasNextPage}
          settled={pages[0]?.settled ?? false}
          nameOf={nameOf}
        />
      )}
      {transfers.length === 0 && !ledger.error && !ledger.hasNextPage && (
        <p className="muted ledger-empty">{t("ledger.none")}</p>
      )}
      {transfers.length > 0 && (
        <TransferTable
          steps={walkBack(posted, transfers, wanted.account)}
          only={only}
          walking={walking}
          nameOf={nameOf}
          look={look}
        />
      )}
      <More list={ledger} />
    </>
  );
}
