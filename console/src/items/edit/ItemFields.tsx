import { Form, Input } from "antd";
import { usePreferences } from "../../ui/preferences";
import { type Draft, isCode, readCents, readUnits } from "../item";
import { PictureField } from "./PictureField";

const LIMITS = ["perOrder", "perBuyer", "perBuyerAll"] as const;

/** A rule of the form: the message stands there unless the text is as it should be. */
function rule(good: (text: string) => boolean, message: string) {
  return {
    validator: async (_: unknown, text: string) =>
      good(text ?? "") ? undefined : Promise.reject(new Error(message)),
  };
}

interface Props {
  fresh: boolean;
  taken: ReadonlyMap<string, unknown>;
}

/** What an item is, costs, and when and how much of it may be bought. */
export function ItemFields({ fresh, taken }: Props) {
  const { t } = usePreferences();
  const price = rule((text) => readCents(text) !== undefined, t("items.wrong.price"));
  const count = rule((text) => text.trim() === "" || readUnits(text) !== undefined, t("items.wrong.units"));
  return (
    <>
      {fresh && (
        <Form.Item
          name="sku"
          label={t("items.column.code")}
          rules={[
            rule((text) => isCode(text.trim()), t("items.wrong.code")),
            rule((text) => !taken.has(text.trim()), t("items.wrong.taken")),
          ]}
        >
          <Input autoFocus autoComplete="off" maxLength={64} />
        </Form.Item>
      )}
      <Form.Item
        name="name"
        label={t("items.column.name")}
        rules={[rule((text) => text.trim() !== "", t("items.wrong.name"))]}
      >
        <Input autoFocus={!fresh} maxLength={200} />
      </Form.Item>
      <Form.Item name="variant" label={t("items.variant")}>
        <Input maxLength={200} />
      </Form.Item>
      <PictureField />
      <div className="items-pair">
        <Form.Item name="price" label={t("items.price")} rules={[price]}>
          <Input className="num" inputMode="decimal" prefix="¥" />
        </Form.Item>
        <Form.Item name="cost" label={t("items.cost")} rules={[price]}>
          <Input className="num" inputMode="decimal" prefix="¥" />
        </Form.Item>
        <Form.Item name="opens" label={t("items.opens")}>
          <Input type="datetime-local" className="num" />
        </Form.Item>
        <Form.Item
          name="closes"
          label={t("items.closes")}
          dependencies={["opens"]}
          rules={[
            ({ getFieldValue }) =>
              rule(
                (text) => !text || !getFieldValue("opens") || text > getFieldValue("opens"),
                t("items.wrong.window"),
              ),
          ]}
        >
          <Input type="datetime-local" className="num" />
        </Form.Item>
      </div>
      <fieldset className="items-group">
        <legend>{t("items.limits")}</legend>
        <Form.Item
          name="period"
          label={t("items.period")}
          extra={t("items.period.hint")}
          dependencies={[...LIMITS]}
          rules={[
            ({ getFieldsValue }) =>
              rule((text) => {
                const draft = getFieldsValue() as Draft;
                return text.trim() !== "" || LIMITS.every((name) => !draft[name]);
              }, t("items.wrong.period")),
          ]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <div className="items-triple">
          {LIMITS.map((name) => (
            <Form.Item key={name} name={name} label={t(`items.${name}`)} rules={[count]}>
              <Input className="num" inputMode="numeric" />
            </Form.Item>
          ))}
        </div>
      </fieldset>
    </>
  );
}
