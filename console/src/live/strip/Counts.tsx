import { units } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { useLive, useOrder } from "../context";
import { useNow } from "../useNow";

/** How many items there are, and how many call for somebody. */
export function Counts() {
  const { t } = usePreferences();
  const { store } = useLive();
  const order = useOrder();
  useNow(1_000);
  let urgent = 0;
  let watch = 0;
  for (const sku of order) {
    const level = store.row(sku)?.level;
    if (level === "urgent") urgent++;
    else if (level === "watch") watch++;
  }
  return (
    <dl className="counts">
      <div>
        <dt>{t("strip.items")}</dt>
        <dd className="num">{units(order.length)}</dd>
      </div>
      <div className={urgent ? "is-urgent" : ""}>
        <dt>{t("strip.urgent")}</dt>
        <dd className="num">{units(urgent)}</dd>
      </div>
      <div className={watch ? "is-watch" : ""}>
        <dt>{t("strip.watch")}</dt>
        <dd className="num">{units(watch)}</dd>
      </div>
    </dl>
  );
}
