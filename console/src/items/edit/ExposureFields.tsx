import { Form, Input } from "antd";
import { usePreferences } from "../../ui/preferences";
import { type Draft, readCents, readUnits } from "../item";

/** How much of an item may be sold, and lost, before it stops by itself: nothing is unlimited. */
export function ExposureFields() {
  const { t } = usePreferences();
  const fails = (good: boolean, message: string) =>
    good ? Promise.resolve() : Promise.reject(new Error(message));
  return (
    <fieldset className="items-group">
      <legend>{t("items.exposure")}</legend>
      <p className="muted">{t("items.exposure.hint")}</p>
      <Form.Item
        name="guardPeriod"
        label={t("items.exposure.period")}
        dependencies={["unitsMax", "lossMax"]}
        rules={[
          ({ getFieldsValue }) => ({
            validator: (_: unknown, text: string) => {
              const { unitsMax, lossMax } = getFieldsValue() as Draft;
              return fails((text ?? "").trim() !== "" || !(unitsMax || lossMax), t("items.wrong.exposure"));
            },
          }),
        ]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <div className="items-pair">
        <Form.Item
          name="unitsMax"
          label={t("items.exposure.units")}
          rules={[
            {
              validator: (_: unknown, text: string) =>
                fails(!text?.trim() || readUnits(text) !== undefined, t("items.wrong.units")),
            },
          ]}
        >
          <Input className="num" inputMode="numeric" />
        </Form.Item>
        <Form.Item
          name="lossMax"
          label={t("items.exposure.loss")}
          extra={t("items.exposure.loss.hint")}
          rules={[
            {
              validator: (_: unknown, text: string) =>
                fails(readCents(text ?? "") !== undefined, t("items.wrong.price")),
            },
          ]}
        >
          <Input className="num" inputMode="decimal" prefix="¥" />
        </Form.Item>
      </div>
    </fieldset>
  );
}
