import { Radio, Select } from "antd";
import type { SkuDocument } from "../../api/types";
import type { MessageKey } from "../../i18n/translate";
import { usePreferences } from "../../ui/preferences";
import { CHOICES, ITEMS_MAX, type Look } from "./look";

interface Props {
  look: Look;
  items: ReadonlyMap<string, SkuDocument>;
  change(look: Look): void;
}

/** What an overlay shows, and how. */
export function LookFields({ look, items, change }: Props) {
  const { t } = usePreferences();
  const options = [...items.values()]
    .filter((item) => item.components.length === 0)
    .map((item) => ({ value: item.sku, label: `${item.name} · ${item.sku}` }));
  return (
    <>
      <div className="field">
        <label htmlFor="overlay-items">{t("overlays.items")}</label>
        <Select
          id="overlay-items"
          mode="multiple"
          maxCount={ITEMS_MAX}
          optionFilterProp="label"
          value={look.skus}
          onChange={(skus) => change({ ...look, skus })}
          options={options}
        />
        <span className="muted">{t("overlays.items.hint", { max: ITEMS_MAX })}</span>
      </div>
      {(["theme", "layout", "language"] as const).map((part) => (
        <div className="field" key={part}>
          <span>{t(`overlays.${part}`)}</span>
          <Radio.Group
            optionType="button"
            aria-label={t(`overlays.${part}`)}
            value={look[part]}
            onChange={(event) => change({ ...look, [part]: event.target.value })}
            options={CHOICES[part].map((value) => ({
              value,
              label: t(`overlays.${part}.${value}` as MessageKey),
            }))}
          />
        </div>
      ))}
      <div className="field">
        <span>{t("overlays.place")}</span>
        <Radio.Group
          className="overlay-places"
          aria-label={t("overlays.place")}
          value={look.place}
          onChange={(event) => change({ ...look, place: event.target.value })}
          options={CHOICES.place.map((value) => ({ value, label: t(`overlays.place.${value}`) }))}
        />
      </div>
    </>
  );
}
