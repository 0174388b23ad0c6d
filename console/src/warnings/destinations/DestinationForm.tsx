import { Alert, Form, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { ApiError } from "../../api/client";
import { useItems } from "../../api/queries";
import type { DestinationDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { bodyOf, codeFor, type Draft, draftOf, KINDS, newSecret } from "./destination";
import { MailFields } from "./MailFields";
import { useDestinationWrites } from "./queries";
import { RobotFields } from "./RobotFields";

interface Props {
  found: DestinationDocument | null;
  taken: ReadonlySet<string>;
  /** Saved; `secret` is a signing secret that we made, to be shown once. */
  done(name: string, secret: string | null): void;
  close(): void;
}

const LEVELS = ["notice", "warning", "critical"] as const;
const LANGUAGES = ["zh", "en"] as const;
const madeSecret = () => newSecret((bytes) => crypto.getRandomValues(bytes));

/** A destination to make or to change: the kind first, then only what that kind needs. */
export function DestinationForm({ found, taken, done, close }: Props) {
  const { t } = usePreferences();
  const { data: items } = useItems();
  const writes = useDestinationWrites();
  const [form] = Form.useForm<Draft>();
  const [made, setMade] = useState(madeSecret);
  const [first] = useState(() => draftOf(found, ""));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const kind = Form.useWatch("kind", form) ?? first.kind;

  function make() {
    const secret = madeSecret();
    setMade(secret);
    form.setFieldValue("secret", secret);
  }

  async function save(entered: Draft) {
    setBusy(true);
    setError(null);
    const draft: Draft = { ...first, ...entered };
    try {
      await writes.put(
        found?.destination ?? codeFor(draft.kind, taken),
        bodyOf(draft, found?.enabled ?? true),
      );
      done(draft.name, draft.kind === "webhook" && draft.secret === made ? made : null);
    } catch (cause) {
      const address = cause instanceof ApiError && cause.problem.field === "address";
      if (address) form.setFields([{ name: "address", errors: [t("dest.wrong.address_private")] }]);
      else setError(cause);
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      width={640}
      title={found ? t("dest.change.title", { name: found.name }) : t("dest.new")}
      okText={t("dest.save")}
      cancelText={t("move.cancel")}
      okButtonProps={{ loading: busy }}
      mask={{ closable: false }}
      onOk={form.submit}
      onCancel={close}
    >
      <Form<Draft>
        form={form}
        name="destination"
        className="destination-form"
        layout="vertical"
        requiredMark={false}
        initialValues={first}
        onValuesChange={(changed: Partial<Draft>) => {
          if (changed.kind) form.setFieldValue("secret", changed.kind === "webhook" ? made : "");
        }}
        onFinish={(entered) => void save(entered)}
      >
        {!found && (
          <Form.Item name="kind" label={t("dest.kind")}>
            <Radio.Group
              optionType="button"
              options={KINDS.map((each) => ({ value: each, label: t(`dest.kind.${each}`) }))}
            />
          </Form.Item>
        )}
        <p className="destination-where">{t(`dest.where.${kind}`)}</p>
        <Form.Item
          name="name"
          label={t("dest.name")}
          rules={[{ required: true, whitespace: true, message: t("dest.wrong.name") }]}
        >
          <Input autoFocus autoComplete="off" maxLength={100} placeholder={t("dest.name.hint")} />
        </Form.Item>
        {kind === "email" ? (
          <MailFields kept={found?.host ?? null} />
        ) : (
          <RobotFields kind={kind} kept={found !== null} make={make} />
        )}
        <div className="destination-pair">
          <Form.Item name="level" label={t("dest.level")}>
            <Select options={LEVELS.map((each) => ({ value: each, label: t(`dest.level.${each}`) }))} />
          </Form.Item>
          {kind !== "webhook" && (
            <Form.Item name="language" label={t("dest.language")}>
              <Select
                options={LANGUAGES.map((each) => ({ value: each, label: t(`dest.language.${each}`) }))}
              />
            </Form.Item>
          )}
        </div>
        <Form.Item name="skus" label={t("dest.skus")}>
          <Select
            mode="multiple"
            allowClear
            placeholder={t("dest.skus.all")}
            showSearch={{ optionFilterProp: "label" }}
            options={[...(items?.values() ?? [])].map(({ sku, name }) => ({
              value: sku,
              label: `${sku} · ${name}`,
            }))}
          />
        </Form.Item>
      </Form>
      {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
    </Modal>
  );
}
