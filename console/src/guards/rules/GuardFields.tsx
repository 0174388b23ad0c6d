import { Checkbox, Form, Input, Select } from "antd";
import { readCents, readUnits } from "../../items/item";
import { usePreferences } from "../../ui/preferences";
import { BOUND_OUTCOMES, guardOf, SPEEDS } from "./draft";
import { SpeedLine } from "./SpeedLine";
import { spanWord } from "./sentence";
import { Window } from "./Window";

const GATE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const HOUR = 3_600;
const AGES = [0, HOUR, 24 * HOUR, 3 * 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR, 90 * 24 * HOUR];

/** The fields of all rules: who may buy, and where it ends. */
export function GuardFields() {
  const { t } = usePreferences();
  const rule = (good: (text: string) => boolean, message: string) => ({
    validator: async (_: unknown, text: string) => {
      if (!good((text ?? "").trim())) throw new Error(message);
    },
  });
  const count = rule((text) => text === "" || readUnits(text) !== undefined, t("guards.wrong.units"));
  const outcomes = BOUND_OUTCOMES.map((value) => ({ value, label: t(`guards.outcome.${value}`) }));
  return (
    <>
      <Form.Item
        name="period"
        label={t("guards.period")}
        extra={t("guards.period.hint")}
        rules={[
          ({ getFieldsValue }) =>
            rule(
              (text) => text !== "" || guardOf({ ...getFieldsValue(true), period: "p" }, null) === null,
              t("guards.wrong.period"),
            ),
        ]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <fieldset className="items-group">
        <legend>{t("guards.conduct")}</legend>
        <div className="items-pair">
          <Form.Item
            name="gate"
            label={t("guards.gate")}
            extra={t("guards.gate.hint")}
            rules={[rule((text) => text === "" || GATE.test(text), t("guards.wrong.gate"))]}
          >
            <Input maxLength={64} />
          </Form.Item>
          <Form.Item name="lists" valuePropName="checked" label=" ">
            <Checkbox>{t("guards.lists")}</Checkbox>
          </Form.Item>
        </div>
        <div className="items-pair">
          <Form.Item label={t("guards.age")} htmlFor="guard_age">
            <div className="guards-two">
              <Window
                name="age"
                label={t("guards.age")}
                choices={AGES}
                word={(seconds) => (seconds === 0 ? t("guards.age.none") : spanWord(t, seconds))}
              />
              <Form.Item name="ageOutcome" noStyle>
                <Select options={outcomes} aria-label={`${t("guards.age")} ${t("guards.outcome")}`} />
              </Form.Item>
            </div>
          </Form.Item>
          <Form.Item label={t("guards.address")} htmlFor="guard_addressBuyers">
            <div className="guards-two">
              <Form.Item name="addressBuyers" rules={[count]}>
                <Input className="num" inputMode="numeric" />
              </Form.Item>
              <Form.Item name="addressOutcome" noStyle>
                <Select options={outcomes} aria-label={`${t("guards.address")} ${t("guards.outcome")}`} />
              </Form.Item>
            </div>
          </Form.Item>
        </div>
        <p className="guards-label">{t("guards.speed")}</p>
        {SPEEDS.map((name) => (
          <SpeedLine key={name} name={name} count={count} />
        ))}
      </fieldset>
      <fieldset className="items-group">
        <legend>{t("guards.exposure")}</legend>
        <div className="items-triple">
          <Form.Item name="unitsMax" label={t("guards.units_max")} rules={[count]}>
            <Input className="num" inputMode="numeric" />
          </Form.Item>
          <Form.Item
            name="lossMax"
            label={t("guards.loss_max")}
            extra={t("guards.loss.hint")}
            rules={[rule((text) => readCents(text) !== undefined, t("guards.wrong.money"))]}
          >
            <Input className="num" inputMode="decimal" prefix="¥" />
          </Form.Item>
          <Form.Item label={t("guards.breaker")} htmlFor="guard_breakerUnits">
            <div className="guards-two">
              <Form.Item name="breakerUnits" rules={[count]}>
                <Input className="num" inputMode="numeric" />
              </Form.Item>
              <Window name="breakerWindow" label={`${t("guards.breaker")} ${t("guards.window")}`} />
            </div>
          </Form.Item>
        </div>
      </fieldset>
    </>
  );
}
