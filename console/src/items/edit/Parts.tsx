import { Button, Form, Input, Select } from "antd";
import { useMemo } from "react";
import type { SkuDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { readUnits } from "../item";

const PARTS_MAX = 50;

interface Props {
  items: ReadonlyMap<string, SkuDocument>;
  self: string | null;
}

/** What one unit of a bundle draws on; an item without parts is no bundle. */
export function Parts({ items, self }: Props) {
  const { t } = usePreferences();
  const options = useMemo(
    () =>
      [...items.values()]
        .filter((item) => item.components.length === 0 && item.sku !== self)
        .map((item) => ({ value: item.sku, label: `${item.sku} ${item.name} ${item.variant}` })),
    [items, self],
  );
  return (
    <fieldset className="items-group">
      <legend>{t("items.parts")}</legend>
      <p className="muted">{t("items.parts.hint")}</p>
      <Form.List name="parts">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="items-part">
                <Form.Item name={[name, "sku"]} rules={[{ required: true, message: t("items.wrong.part") }]}>
                  <Select
                    showSearch={{ optionFilterProp: "label" }}
                    options={options}
                    aria-label={t("items.part")}
                    placeholder={t("items.part")}
                  />
                </Form.Item>
                <Form.Item
                  name={[name, "quantity"]}
                  rules={[
                    {
                      validator: async (_: unknown, text: string) => {
                        if (readUnits(text ?? "") === undefined) throw new Error(t("items.wrong.units"));
                      },
                    },
                  ]}
                >
                  <Input className="num" inputMode="numeric" aria-label={t("items.part.units")} />
                </Form.Item>
                <Button onClick={() => remove(name)} aria-label={t("items.part.remove")}>
                  ✕
                </Button>
              </div>
            ))}
            {fields.length < PARTS_MAX && (
              <Button onClick={() => add({ quantity: "1" })}>{t("items.part.add")}</Button>
            )}
          </>
        )}
      </Form.List>
    </fieldset>
  );
}
