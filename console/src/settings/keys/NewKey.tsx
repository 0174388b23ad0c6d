import { Form, Input, Radio, Select } from "antd";
import { call } from "../../api/client";
import type { KeyBody, NewKeyDocument } from "../../api/types";
import { FormDialog } from "../../ui/dialogs/FormDialog";
import { usePreferences } from "../../ui/preferences";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const ROLES = ["operator", "viewer", "integration", "administrator"] as const;
const DAY_S = 86_400;
const LIVES = {
  1: "keys.life.day",
  30: "keys.life.month",
  90: "keys.life.quarter",
  365: "keys.life.year",
} as const;

interface Fields {
  name: string;
  role: KeyBody["role"];
  days: number;
}

interface Props {
  done(key: NewKeyDocument): void;
  close(): void;
}

/** A key to make: for whom, what it may do, and how long. */
export function NewKey({ done, close }: Props) {
  const { t } = usePreferences();
  async function make({ name, role, days }: Fields) {
    const body: KeyBody = { name, role, lifetime_s: days === 0 ? null : days * DAY_S };
    done(await call<NewKeyDocument>("POST", "/v1/keys", body));
  }

  return (
    <FormDialog<Fields>
      title={t("keys.new")}
      act={t("keys.make")}
      initial={{ name: "", role: "operator", days: 90 }}
      save={make}
      close={close}
    >
      <Form.Item
        name="name"
        label={t("keys.name")}
        extra={t("keys.name.hint")}
        rules={[{ pattern: NAME, required: true, message: t("keys.name.wrong") }]}
      >
        <Input autoFocus autoComplete="off" maxLength={64} />
      </Form.Item>
      <Form.Item name="role" label={t("keys.role")}>
        <Radio.Group className="role-choice">
          {ROLES.map((role) => (
            <Radio key={role} value={role}>
              <b>{t(`role.${role}`)}</b> <span className="muted">{t(`roles.say.${role}`)}</span>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      <Form.Item name="days" label={t("keys.expires")}>
        <Select
          options={[
            ...Object.entries(LIVES).map(([days, word]) => ({ value: Number(days), label: t(word) })),
            { value: 0, label: t("keys.never") },
          ]}
        />
      </Form.Item>
    </FormDialog>
  );
}
