import { Alert, Button, Input, type InputRef, Modal } from "antd";
import { useRef, useState } from "react";
import { usePreferences } from "../preferences";

interface Props {
  title: string;
  warning: string;
  secret: string;
  close(): void;
}

/** A secret that nobody can read again, until whoever made it says that it is kept. */
export function ShownOnce({ title, warning, secret, close }: Props) {
  const { t } = usePreferences();
  const [copied, setCopied] = useState(false);
  const field = useRef<InputRef>(null);

  async function copy() {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      // On plain HTTP from another machine there is no clipboard; what is selected can be copied by hand.
      setCopied(false);
    }
  }

  return (
    <Modal
      open
      title={title}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      onCancel={close}
      footer={
        <Button type="primary" onClick={close}>
          {t("once.kept")}
        </Button>
      }
    >
      <div className="once">
        <Alert type="warning" showIcon title={warning} />
        <div className="once-line">
          <Input
            ref={field}
            readOnly
            value={secret}
            className="num"
            aria-label={title}
            data-testid="secret"
            onFocus={(event) => event.target.select()}
          />
          <Button onClick={() => void copy()}>{t("once.copy")}</Button>
        </div>
        <output className="muted">{copied ? t("once.copied") : t("once.by_hand")}</output>
      </div>
    </Modal>
  );
}
