import { units } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { useOrder } from "../context";

/** How many items are shown. What calls for somebody is counted once, by the server's warnings beside it. */
export function ItemCount() {
  const { t } = usePreferences();
  return (
    <span className="item-count">
      {t("strip.items")}
      <b className="num" data-testid="item-count">
        {units(useOrder().length)}
      </b>
    </span>
  );
}
