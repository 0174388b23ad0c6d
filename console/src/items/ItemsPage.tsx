import { Frame } from "../frame/Frame";
import { usePreferences } from "../ui/preferences";

/** TO BE BUILT */
export default function ItemsPage() {
  const { t } = usePreferences();
  return <Frame title={t("nav.items")}>{null}</Frame>;
}
