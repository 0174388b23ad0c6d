import { Frame } from "../frame/Frame";
import { usePreferences } from "../ui/preferences";

/** TO BE BUILT */
export default function ChannelsPage() {
  const { t } = usePreferences();
  return <Frame title={t("nav.channels")}>{null}</Frame>;
}
