import { Form, Input } from "antd";
import { readUnits } from "../../items/item";
import { usePreferences } from "../../ui/preferences";
import { namesOf } from "../names";

const GATE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const BUYERS_MAX = 1_000;

export interface Draft {
  gate: string;
  buyers: string;
  draw: string;
  until: string;
  number: string;
}

/** Whose tickets, of which gate, and until when. */
export function TicketFields() {
  const { t } = usePreferences();
  const rule = (good: (text: string) => boolean, message: string) => ({
    validator: async (_: unknown, text: string) => {
      if (!good((text ?? "").trim())) throw new Error(message);
    },
  });
  return (
    <>
      <Form.Item
        name="gate"
        label={t("tickets.gate")}
        rules={[rule((text) => GATE.test(text), t("guards.wrong.gate"))]}
      >
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="buyers"
        label={t("tickets.buyers")}
        rules={[
          rule((text) => {
            const { length } = namesOf(text);
            return length >= 1 && length <= BUYERS_MAX;
          }, t("tickets.wrong.buyers")),
        ]}
      >
        <Input.TextArea rows={6} />
      </Form.Item>
      <Form.Item
        name="draw"
        label={t("tickets.draw")}
        dependencies={["buyers"]}
        rules={[
          ({ getFieldValue }) =>
            rule(
              (text) =>
                text === "" || (readUnits(text) ?? Infinity) <= namesOf(getFieldValue("buyers")).length,
              t("tickets.wrong.draw"),
            ),
        ]}
      >
        <Input className="num" inputMode="numeric" />
      </Form.Item>
      <div className="items-pair">
        <Form.Item
          name="until"
          label={t("tickets.until")}
          rules={[rule((text) => new Date(text).getTime() > Date.now(), t("tickets.wrong.until"))]}
        >
          <Input type="datetime-local" className="num" />
        </Form.Item>
        <Form.Item
          name="number"
          label={t("tickets.number")}
          extra={t("tickets.number.hint")}
          rules={[rule((text) => (readUnits(text) ?? Infinity) <= 100, t("guards.wrong.units"))]}
        >
          <Input className="num" inputMode="numeric" />
        </Form.Item>
      </div>
    </>
  );
}
