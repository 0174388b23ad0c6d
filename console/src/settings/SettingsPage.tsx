import { Frame } from "../frame/Frame";
import { usePreferences } from "../ui/preferences";

/** TO BE BUILT */
export default function SettingsPage() {
  const { t } = usePreferences();
  return <Frame title={t("nav.settings")}>{null}</Frame>;
}
