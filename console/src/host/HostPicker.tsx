import type { SkuDocument } from "../api/queries";
import { useLoaded, useOrder } from "../live/context";
import { Picture } from "../picture/Picture";
import { usePreferences } from "../ui/preferences";

interface Props {
  catalog: ReadonlyMap<string, SkuDocument>;
  choose(sku: string): void;
}

/** The items to choose from, by name. */
export function HostPicker({ catalog, choose }: Props) {
  const { t } = usePreferences();
  const order = useOrder();
  const loaded = useLoaded();
  const sorted = [...order].sort();
  return (
    <main className="host-picker">
      <h2>{t(loaded && sorted.length === 0 ? "table.empty" : "host.pick")}</h2>
      {sorted.map((sku) => (
        <button key={sku} type="button" onClick={() => choose(sku)}>
          <Picture url={catalog.get(sku)?.image_url} name={catalog.get(sku)?.name ?? sku} />
          <b>{catalog.get(sku)?.name ?? sku}</b>
          <small className="num">{sku}</small>
        </button>
      ))}
    </main>
  );
}
