import { InputNumber, Radio, Select } from "antd";
import { useState } from "react";
import type { SkuDocument } from "../../api/queries";
import type { ShowDocument } from "../../api/types";
import { Confirm } from "../../ui/dialogs/Confirm";
import { usePreferences } from "../../ui/preferences";
import { useShowWrites } from "../queries";

interface Props {
  show: ShowDocument;
  catalog: ReadonlyMap<string, SkuDocument>;
  close(): void;
}

const PLANNED = 100;

/** An item that was not planned is pushed in 临时加推. */
export function PushDialog({ show, catalog, close }: Props) {
  const { t } = usePreferences();
  const { step } = useShowWrites();
  const [sku, setSku] = useState<string | null>(null);
  const [planned, setPlanned] = useState<number>(PLANNED);
  const [now, setNow] = useState(false);
  const there = new Set(show.items.map((item) => item.sku));

  async function push() {
    await step(show.id, "push", { item: { sku, planned }, now });
    close();
  }

  return (
    <Confirm
      title={t("show.push")}
      act={t("show.push.do")}
      missing={sku === null ? t("show.push.none") : null}
      run={push}
      close={close}
    >
      <div className="shows-form">
        <Select
          autoFocus
          showSearch={{ optionFilterProp: "label" }}
          value={sku}
          placeholder={t("show.push.item")}
          aria-label={t("show.push.item")}
          options={[...catalog.values()]
            .filter((item) => item.components.length === 0 && !there.has(item.sku))
            .map((item) => ({ value: item.sku, label: `${item.name} ${item.variant} ${item.sku}` }))}
          onChange={setSku}
        />
        <InputNumber
          min={1}
          precision={0}
          value={planned}
          prefix={t("shows.planned")}
          aria-label={t("shows.planned")}
          onChange={(units) => setPlanned(units ?? 1)}
        />
        <Radio.Group
          value={now}
          onChange={(event) => setNow(event.target.value as boolean)}
          options={[
            { value: false, label: t("show.push.then") },
            { value: true, label: t("show.push.now") },
          ]}
        />
      </div>
    </Confirm>
  );
}
