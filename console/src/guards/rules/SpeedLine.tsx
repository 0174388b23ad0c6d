import { Form, Input, Select } from "antd";
import { usePreferences } from "../../ui/preferences";
import { OUTCOMES, type SpeedName } from "./draft";
import { Window } from "./Window";

interface Props {
  name: SpeedName;
  count: { validator(rule: unknown, text: string): Promise<void> };
}

/** Who, in which window, how many orders and units, and what comes of more. */
export function SpeedLine({ name, count }: Props) {
  const { t } = usePreferences();
  const who = t(`guards.one.${name}`);
  return (
    <div className="guards-speed">
      <span>{who}</span>
      <Window name={["speeds", name, "window"]} label={`${who} ${t("guards.window")}`} />
      {(["orders", "units"] as const).map((field) => (
        <Form.Item key={field} name={["speeds", name, field]} rules={[count]}>
          <Input
            className="num"
            inputMode="numeric"
            aria-label={`${who} ${t(`guards.${field}.most`)}`}
            suffix={t(`guards.${field}.most`)}
          />
        </Form.Item>
      ))}
      <Form.Item name={["speeds", name, "outcome"]} noStyle>
        <Select
          aria-label={`${who} ${t("guards.outcome")}`}
          options={OUTCOMES.map((value) => ({ value, label: t(`guards.outcome.${value}`) }))}
        />
      </Form.Item>
    </div>
  );
}
