import { Button, Form, Input } from "antd";
import { usePreferences } from "../../ui/preferences";
import { ADDRESSES, isSecret, type Kind, SECRETS } from "./destination";

interface Props {
  kind: Exclude<Kind, "email">;
  /** Whether there is an address already, which stays when nothing is typed. */
  kept: boolean;
  make(): void;
}

/** A robot's or a program's address, and its secret where it has one. */
export function RobotFields({ kind, kept, make }: Props) {
  const { t } = usePreferences();
  const webhook = kind === "webhook";
  const keptHint = t("dest.kept");
  const label = webhook
    ? t(kept ? "dest.secret.again" : "dest.secret.webhook")
    : t(SECRETS[kind] === "wished" ? "dest.secret.wished" : "dest.secret");
  const secret = {
    validator: async (_: unknown, text: string) => {
      if (webhook && !((kept && !text) || isSecret(text ?? ""))) throw new Error(t("dest.wrong.secret"));
    },
  };
  return (
    <>
      <Form.Item
        name="address"
        label={t("dest.address")}
        rules={[
          { required: !kept, message: t("dest.wrong.address") },
          { pattern: /^https?:\/\/\S+$/, message: t("dest.wrong.address") },
        ]}
      >
        <Input.Password autoComplete="off" placeholder={kept ? keptHint : ADDRESSES[kind]} />
      </Form.Item>
      {SECRETS[kind] !== "none" && (
        <div className="destination-secret">
          <Form.Item name="secret" label={label} rules={[secret]}>
            <Input.Password autoComplete="new-password" placeholder={kept ? keptHint : undefined} />
          </Form.Item>
          {webhook && <Button onClick={make}>{t("dest.secret.make")}</Button>}
        </div>
      )}
      {webhook && kept && (
        <Form.Item name="oldSecret" label={t("dest.old_secret")}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      )}
    </>
  );
}
