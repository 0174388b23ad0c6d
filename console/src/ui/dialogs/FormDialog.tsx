import { Alert, Form, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { usePreferences } from "../preferences";
import { troubleWord } from "../trouble";

interface Props<F extends object> {
  title: string;
  /** The word on the button that saves. */
  act: string;
  cancel?: string;
  width?: number;
  initial: F;
  /** Writes what was filled in; what it throws is shown below the fields, which keep what stands in them. */
  save(fields: F): Promise<void>;
  close(): void;
  children: ReactNode;
}

/** Something new is filled in and saved; a refusal is shown where it was asked for. */
export function FormDialog<F extends object>({ title, act, cancel, width, initial, ...rest }: Props<F>) {
  const { save, close, children } = rest;
  const { t } = usePreferences();
  const [form] = Form.useForm<F>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function go(fields: F) {
    setBusy(true);
    setError(null);
    try {
      await save(fields);
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      title={title}
      {...(width && { width })}
      okText={act}
      okButtonProps={{ loading: busy }}
      cancelText={cancel ?? t("move.cancel")}
      onOk={form.submit}
      onCancel={close}
    >
      <Form<F>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        onFinish={(fields) => void go(fields)}
      >
        {children}
      </Form>
      {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
    </Modal>
  );
}
