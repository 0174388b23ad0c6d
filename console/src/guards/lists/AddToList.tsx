import { Alert, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import type { ListedKind } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { linesOf } from "../names";
import { type ListName, useGuardWrites } from "../queries";
import type { Done } from "../UndoBar";

const KINDS: readonly ListedKind[] = ["buyer", "device", "address", "payment"];
const ENTRIES_MAX = 500;

interface Draft {
  kind: ListedKind;
  values: string;
  reason: string;
}

interface Props {
  name: ListName;
  done(next: Done): void;
  close(): void;
}

/** One or many to put on a list, with the reason; addresses have commas, so each is a line of its own. */
export function AddToList({ name, done, close }: Props) {
  const { t } = usePreferences();
  const writes = useGuardWrites();
  const [form] = Form.useForm<Draft>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const values = linesOf((Form.useWatch("values", form) as string | undefined) ?? "");

  async function save(draft: Draft) {
    const reason = draft.reason.trim();
    setBusy(true);
    try {
      const entries = linesOf(draft.values).map((value) => ({ kind: draft.kind, value }));
      const { changed, unchanged } = await writes.list(name, entries, reason, true);
      const back = changed.map(({ kind, buyer }) => ({ kind, value: buyer, hashed: true }));
      done({
        text: t(unchanged ? "lists.added.known" : "lists.added", { n: changed.length, known: unchanged }),
        // Only what was not there before is taken off again.
        undo: back.length ? () => writes.list(name, back, reason, false) : null,
      });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      title={t("lists.add.title", { list: t(`lists.${name}`) })}
      okText={t("lists.add")}
      cancelText={t("move.cancel")}
      okButtonProps={{ loading: busy }}
      onOk={form.submit}
      onCancel={close}
      afterOpenChange={(now) => now && form.focusField("values")}
    >
      <Form<Draft>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind: "buyer", values: "", reason: "" }}
        onFinish={(draft) => void save(draft)}
      >
        <Form.Item name="kind" label={t("lists.kind")}>
          <Select options={KINDS.map((value) => ({ value, label: t(`guards.kind.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="values"
          label={t("lists.values")}
          extra={t("lists.values.hint")}
          rules={[
            {
              validator: async (_: unknown, text: string) => {
                const { length } = linesOf(text ?? "");
                if (length < 1 || length > ENTRIES_MAX) throw new Error(t("lists.wrong.values"));
              },
            },
          ]}
        >
          <Input.TextArea rows={6} />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t("lists.reason")}
          rules={[{ required: true, whitespace: true, message: t("lists.wrong.reason") }]}
        >
          <Input maxLength={200} onPressEnter={form.submit} />
        </Form.Item>
      </Form>
      <output className="muted num" data-testid="lines">
        {t("lists.values.count", { n: values.length })}
      </output>
      {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
    </Modal>
  );
}
