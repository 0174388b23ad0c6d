import { Form, Input } from "antd";
import { usePreferences } from "../ui/preferences";
import { GATE, LIMITS } from "./drop";

/** Purchase limits and the ticket gate that are in force while the drop is open; all may be left out. */
export function LimitItems() {
  const { t } = usePreferences();
  return (
    <Form.Item label={t("drops.limits")} extra={t("drops.limits.hint")}>
      <div className="drops-limits">
        {LIMITS.map((name) => (
          <Form.Item
            key={name}
            name={["limits", name]}
            label={t(`drops.limit.${name}`)}
            rules={[{ pattern: /^\s*([1-9]\d*)?\s*$/, message: t("drops.units.wrong") }]}
          >
            <Input className="num" inputMode="numeric" />
          </Form.Item>
        ))}
        <Form.Item
          name="gate"
          label={t("drops.gate")}
          rules={[{ pattern: GATE, message: t("drops.gate.wrong") }]}
        >
          <Input autoComplete="off" maxLength={64} placeholder={t("drops.gate.none")} />
        </Form.Item>
      </div>
    </Form.Item>
  );
}
