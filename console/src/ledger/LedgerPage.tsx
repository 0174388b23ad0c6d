import { Frame } from "../frame/Frame";
import { usePreferences } from "../ui/preferences";

/** TO BE BUILT */
export default function LedgerPage() {
  const { t } = usePreferences();
  return <Frame title={t("nav.ledger")}>{null}</Frame>;
}
