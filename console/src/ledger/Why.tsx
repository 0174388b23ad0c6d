import type { StockView, TransferDocument } from "../api/types";
import { units } from "../i18n/format";
import { usePreferences } from "../ui/preferences";
import { balanceOf, openingBalance } from "./history";
import { accountWord } from "./words";

interface Props {
  stock: StockView;
  account: string;
  transfers: readonly TransferDocument[];
  /** Whether these are all there are. */
  whole: boolean;
  /** Whether the stock did not change while they were read. */
  settled: boolean;
  nameOf(channel: string): string;
}

/** Why is this number what it is: what the account has, and whether its transfers add up to that. */
export function Why({ stock, account, transfers, whole, settled, nameOf }: Props) {
  const { t } = usePreferences();
  const { posted, held } = balanceOf(stock, account);
  const opening = openingBalance(posted, transfers, account);
  const even = opening === 0;
  const sum = !settled
    ? t("ledger.why.moving")
    : !whole
      ? t("ledger.why.open", { n: units(opening) })
      : even
        ? t("ledger.why.even", { rows: units(transfers.length), n: units(posted) })
        : t("ledger.why.odd", { n: units(opening) });
  return (
    <p className="ledger-why" role="status" data-testid="why">
      <b>{accountWord(t, account, nameOf)}</b>
      <span>
        {t("ledger.why.posted")} <b className="num">{units(posted)}</b>
      </span>
      {held > 0 && <span>{t("ledger.why.held", { n: units(held), left: units(posted - held) })}</span>}
      <span className={whole && settled ? (even ? "is-even" : "is-odd") : "muted"}>{sum}</span>
    </p>
  );
}
