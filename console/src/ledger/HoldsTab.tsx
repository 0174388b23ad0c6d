import { Alert, Spin } from "antd";
import { call } from "../api/client";
import { usePages } from "../api/pages";
import type { HoldPage } from "../api/types";
import { units } from "../i18n/format";
import { isMessage } from "../i18n/translate";
import { More } from "../ui/list/More";
import { Sheet } from "../ui/list/Sheet";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { dateTime } from "../ui/when";
import { holdsAddress } from "./holds";

interface Props {
  sku: string;
  nameOf(channel: string): string;
}

/** The holds of one item or of all, the newest first. */
export function HoldsTab({ sku, nameOf }: Props) {
  const { t } = usePreferences();
  const found = usePages(["holds", sku], (before) => call<HoldPage>("GET", holdsAddress(sku, before)));
  const holds = (found.data?.pages ?? []).flatMap((page) => page.items);
  const word = (status: string) => {
    const key = `hold.${status}`;
    return isMessage(key) ? t(key) : status;
  };
  if (found.isPending) return <Spin />;
  return (
    <>
      {found.error && (
        <Alert type="error" banner title={t("table.failed", { detail: troubleWord(t, found.error) })} />
      )}
      {holds.length === 0 && !found.error && <p className="muted ledger-empty">{t("ledger.holds.none")}</p>}
      {holds.length > 0 && (
        <Sheet label={t("ledger.tab.holds")}>
          <thead>
            <tr>
              <th scope="col">{t("hold.placed_at")}</th>
              <th scope="col">{t("hold.id")}</th>
              <th scope="col">{t("hold.state")}</th>
              <th scope="col">{t("move.channel")}</th>
              <th scope="col">{t("hold.buyer")}</th>
              <th scope="col">{t("hold.lines")}</th>
              <th scope="col">{t("hold.until")}</th>
            </tr>
          </thead>
          <tbody>
            {holds.map((hold) => (
              <tr key={hold.id} data-testid="hold">
                <td className="num">{dateTime(hold.placed_at)}</td>
                <td className="ledger-cause">{hold.id}</td>
                <td>{word(hold.status)}</td>
                <td>{nameOf(hold.channel)}</td>
                <td>{hold.buyer}</td>
                <td className="num">
                  {hold.lines.map((line) => `${line.sku} × ${units(line.quantity)}`).join("，")}
                </td>
                <td className="num">{dateTime(hold.settled_at ?? hold.expires_at)}</td>
              </tr>
            ))}
          </tbody>
        </Sheet>
      )}
      <More list={found} />
    </>
  );
}
