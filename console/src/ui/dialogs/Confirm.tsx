import { Alert, Modal } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { usePreferences } from "../preferences";
import { troubleWord } from "../trouble";

interface Props {
  title: string;
  /** The word on the button that does it. */
  act: string;
  /** The word on the button that does not, where the usual one would be mistaken for the deed. */
  cancel?: string;
  danger?: boolean;
  /** What has to be chosen first; null when nothing is. */
  missing?: string | null;
  children: ReactNode;
  run(): Promise<void>;
  close(): void;
}

/** Asks before something that cannot be taken back; a refusal is shown where it was asked. */
export function Confirm({ title, act, cancel, danger = false, missing = null, children, ...rest }: Props) {
  const { run, close } = rest;
  const { t } = usePreferences();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);

  async function go() {
    setBusy(true);
    setError(null);
    try {
      await run();
    } catch (cause) {
      setError(cause);
    }
    setBusy(false);
  }

  return (
    <Modal
      open
      title={title}
      okText={act}
      okButtonProps={{ danger, loading: busy, disabled: missing !== null, title: missing ?? "" }}
      cancelText={cancel ?? t("move.cancel")}
      onOk={() => void go()}
      onCancel={close}
      afterOpenChange={(now) => now && form.current?.querySelector<HTMLElement>("input, textarea")?.focus()}
    >
      {/* Enter in a field does what the button does. */}
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void go();
        }}
      >
        {children}
      </form>
      {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
    </Modal>
  );
}
