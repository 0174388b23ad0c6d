import { Checkbox, Form, Input, Select } from "antd";
import { usePreferences } from "../../ui/preferences";
import { addressesOf, type Draft, PORTS, type Security } from "./destination";

const MAIL = /^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$/;
const HOST = /^[A-Za-z0-9.:-]{1,253}$/;
const TO_MAX = 20;

/** The mail server, and who writes to whom; one that is kept is asked for only when it shall change. */
export function MailFields({ kept }: { kept: string | null }) {
  const { t } = usePreferences();
  const form = Form.useFormInstance<Draft>();
  const asked = Form.useWatch("mail", form) ?? kept === null;
  const mail = { pattern: MAIL, required: true, message: t("dest.wrong.mail") };
  const several = {
    validator: async (_: unknown, text: string) => {
      const found = addressesOf(text ?? "");
      const good = found.length > 0 && found.length <= TO_MAX && found.every((each) => MAIL.test(each));
      if (!good) throw new Error(t("dest.wrong.mail"));
    },
  };
  const port = {
    validator: async (_: unknown, text: string) => {
      if (!/^[1-9]\d{0,4}$/.test(text) || Number(text) > 65_535) throw new Error(t("dest.wrong.port"));
    },
  };
  return (
    <>
      {kept !== null && (
        <Form.Item name="mail" valuePropName="checked">
          <Checkbox>{t("dest.mail.again", { host: kept })}</Checkbox>
        </Form.Item>
      )}
      {asked && (
        <div className="destination-mail">
          <Form.Item
            name="host"
            label={t("dest.mail.host")}
            rules={[{ pattern: HOST, required: true, message: t("dest.wrong.host") }]}
          >
            <Input autoComplete="off" placeholder="smtp.qq.com" />
          </Form.Item>
          <div className="destination-pair">
            <Form.Item name="security" label={t("dest.mail.security")}>
              <Select
                onChange={(chosen: Security) => form.setFieldValue("port", PORTS[chosen])}
                options={(Object.keys(PORTS) as Security[]).map((each) => ({
                  value: each,
                  label: t(`dest.mail.${each}`),
                }))}
              />
            </Form.Item>
            <Form.Item name="port" label={t("dest.mail.port")} rules={[port]}>
              <Input inputMode="numeric" />
            </Form.Item>
          </div>
          <Form.Item name="user" label={t("dest.mail.user")}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="password" label={t("dest.mail.password")}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Form.Item name="sender" label={t("dest.mail.sender")} rules={[mail]}>
            <Input autoComplete="off" placeholder="stock@example.com" />
          </Form.Item>
          <Form.Item name="to" label={t("dest.mail.to")} rules={[several]}>
            <Input autoComplete="off" placeholder="ops@example.com" />
          </Form.Item>
        </div>
      )}
    </>
  );
}
