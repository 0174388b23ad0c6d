import { Button, Segmented, Select } from "antd";
import { useSearchParams } from "wouter";
import { useChannels, useItems } from "../api/queries";
import { Frame } from "../frame/Frame";
import { useOrder } from "../live/context";
import { usePreferences } from "../ui/preferences";
import { Export } from "./export/Export";
import { holdsFile, transfersFile } from "./export/files";
import { Filters } from "./Filters";
import { HoldsTab } from "./HoldsTab";
import { TransfersTab } from "./TransfersTab";
import { type Fact, useTransfers, type Wanted } from "./useTransfers";
import { accountWord } from "./words";
import "./ledger.css";

/** Every transfer and hold, and of one account why its number is what it is; the choice stands in the address. */
export default function LedgerPage() {
  const { t } = usePreferences();
  const [params, setParams] = useSearchParams();
  const wanted: Wanted = {
    sku: params.get("sku") ?? "",
    account: params.get("account") ?? "",
    reason: params.get("reason") ?? "",
    actor: params.get("actor") ?? "",
    reference: params.get("reference") ?? "",
  };
  const tab = params.get("tab") === "holds" ? "holds" : "transfers";
  const items = useItems().data;
  const channels = useChannels().data ?? [];
  const order = useOrder();
  const ledger = useTransfers(wanted);

  const nameOf = (channel: string) => channels.find((each) => each.channel === channel)?.name ?? channel;
  function go(choice: Record<string, string>) {
    setParams(new URLSearchParams(Object.entries(choice).filter(([, value]) => value)));
  }
  const look = (sku: string, account: string) => go({ sku, account });
  const only = (fact: Fact, value: string) => go({ ...wanted, [fact]: value });

  const skus = [...new Set([...order, ...(items?.keys() ?? [])])].sort();
  const accounts = ledger.data?.pages[0]?.stock?.accounts.map((each) => each.account) ?? [];
  const isHolds = tab === "holds";
  const file = isHolds ? holdsFile(wanted.sku) : transfersFile(wanted);
  return (
    <Frame title={t("nav.ledger")} actions={<Export file={file} />}>
      <div className="ledger-bar">
        <Segmented
          aria-label={t("nav.ledger")}
          options={[
            { value: "transfers", label: t("ledger.tab.transfers") },
            { value: "holds", label: t("ledger.tab.holds") },
          ]}
          value={tab}
          onChange={(value) => go({ sku: wanted.sku, tab: value === "holds" ? "holds" : "" })}
        />
        <Select
          className="ledger-sku"
          showSearch={{ optionFilterProp: "label" }}
          allowClear
          value={wanted.sku || null}
          placeholder={t("ledger.sku")}
          aria-label={t("ledger.sku")}
          options={skus.map((sku) => ({ value: sku, label: `${items?.get(sku)?.name ?? ""} ${sku}`.trim() }))}
          onChange={(sku) => go({ sku: sku ?? "", tab: isHolds ? "holds" : "" })}
        />
        {!isHolds && (
          <>
            <Select
              className="ledger-account"
              allowClear
              disabled={!wanted.sku}
              value={wanted.account || null}
              placeholder={wanted.sku ? t("ledger.account") : t("ledger.account.first")}
              aria-label={t("ledger.account")}
              options={accounts.map((account) => ({
                value: account,
                label: accountWord(t, account, nameOf),
              }))}
              onChange={(account) => look(wanted.sku, account ?? "")}
            />
            <Filters wanted={wanted} only={only} />
            <Button onClick={() => void ledger.refetch()} loading={ledger.isRefetching}>
              {t("settings.again")}
            </Button>
            {!wanted.account && <span className="muted">{t("ledger.hint")}</span>}
          </>
        )}
      </div>
      {isHolds ? (
        <HoldsTab sku={wanted.sku} nameOf={nameOf} />
      ) : (
        <TransfersTab ledger={ledger} wanted={wanted} nameOf={nameOf} look={look} only={only} />
      )}
    </Frame>
  );
}
