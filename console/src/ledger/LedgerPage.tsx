import { Alert, Button, Select, Spin } from "antd";
import { useSearchParams } from "wouter";
import { useChannels, useItems } from "../api/queries";
import { Frame } from "../frame/Frame";
import { useOrder } from "../live/context";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { Export } from "./Export";
import { walkBack } from "./history";
import { TransferTable } from "./TransferTable";
import { useTransfers } from "./useTransfers";
import { Why } from "./Why";
import { accountWord } from "./words";
import "./ledger.css";

/** Every transfer, and of one account why its number is what it is; the choice stands in the address. */
export default function LedgerPage() {
  const { t } = usePreferences();
  const [params, setParams] = useSearchParams();
  const wanted = { sku: params.get("sku") ?? "", account: params.get("account") ?? "" };
  const items = useItems().data;
  const channels = useChannels().data ?? [];
  const order = useOrder();
  const ledger = useTransfers(wanted);
  const pages = ledger.data?.pages ?? [];
  const transfers = pages.flatMap((page) => page.items);
  const stock = pages[0]?.stock ?? null;
  const posted = stock?.accounts.find((each) => each.account === wanted.account)?.posted ?? 0;
  const walking = stock !== null && wanted.account !== "";

  const nameOf = (channel: string) => channels.find((each) => each.channel === channel)?.name ?? channel;
  function look(sku: string, account: string) {
    setParams(new URLSearchParams(Object.entries({ sku, account }).filter(([, value]) => value)));
  }

  const skus = [...new Set([...order, ...(items?.keys() ?? [])])].sort();
  const accounts = stock?.accounts.map((each) => each.account) ?? [];
  return (
    <Frame title={t("nav.ledger")} actions={<Export wanted={wanted} />}>
      <div className="ledger-bar">
        <Select
          className="ledger-sku"
          showSearch
          allowClear
          optionFilterProp="label"
          value={wanted.sku || null}
          placeholder={t("ledger.sku")}
          aria-label={t("ledger.sku")}
          options={skus.map((sku) => ({ value: sku, label: `${items?.get(sku)?.name ?? ""} ${sku}`.trim() }))}
          onChange={(sku) => look(sku ?? "", "")}
        />
        <Select
          className="ledger-account"
          allowClear
          disabled={!wanted.sku}
          value={wanted.account || null}
          placeholder={wanted.sku ? t("ledger.account") : t("ledger.account.first")}
          aria-label={t("ledger.account")}
          options={accounts.map((account) => ({ value: account, label: accountWord(t, account, nameOf) }))}
          onChange={(account) => look(wanted.sku, account ?? "")}
        />
        <Button onClick={() => void ledger.refetch()} loading={ledger.isRefetching}>
          {t("settings.again")}
        </Button>
        {!walking && <span className="muted">{t("ledger.hint")}</span>}
      </div>
      {ledger.error && (
        <Alert type="error" banner title={t("table.failed", { detail: troubleWord(t, ledger.error) })} />
      )}
      {walking && (
        <Why
          stock={stock}
          account={wanted.account}
          transfers={transfers}
          whole={!ledger.hasNextPage}
          nameOf={nameOf}
        />
      )}
      {ledger.isPending ? (
        <Spin />
      ) : transfers.length === 0 ? (
        !ledger.error && <p className="muted ledger-empty">{t("ledger.none")}</p>
      ) : (
        <TransferTable
          steps={walkBack(posted, transfers, wanted.account)}
          walking={walking}
          nameOf={nameOf}
          look={look}
        />
      )}
      {ledger.hasNextPage && (
        <p className="ledger-more">
          <Button onClick={() => void ledger.fetchNextPage()} loading={ledger.isFetchingNextPage}>
            {t("audit.more")}
          </Button>
        </p>
      )}
    </Frame>
  );
}
