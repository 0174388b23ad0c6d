import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import type { LinesDocument } from "../api/types";
import { Guarded } from "../ui/Guarded";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { LinesPreview } from "./LinesPreview";
import { type Draft, draftOf, example, linesOf, percentagesOf, whole } from "./lines";
import { useWarningWrites } from "./queries";

interface Props {
  found: LinesDocument;
  whyNot: string | null;
}

/** The lines of all items or of one, with what they mean in a sentence. */
export function LinesForm({ found, whyNot }: Props) {
  const { t } = usePreferences();
  const writes = useWarningWrites();
  const [form] = Form.useForm<Draft>();
  const [saved, setSaved] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const draft = (Form.useWatch([], form) as Draft | undefined) ?? draftOf(found.lines);

  async function run(work: () => Promise<LinesDocument>) {
    setError(null);
    setSaved(false);
    try {
      form.setFieldsValue(draftOf((await work()).lines));
      setSaved(true);
    } catch (cause) {
      setError(cause);
    }
  }

  const check = (good: (text: string) => boolean, message: string) => ({
    validator: async (_: unknown, text: string) => {
      if (!good(text ?? "")) throw new Error(message);
    },
  });
  const seconds = check((text) => Number(text) > 0 && Number(text) <= 86_400, t("lines.wrong.seconds"));
  const percent = check((text) => (whole(text) ?? 100) < 100, t("lines.wrong.percent"));
  const below = check((text) => {
    const several = percentagesOf(text);
    return several?.every((each) => each < Number(form.getFieldValue("safety"))) ?? false;
  }, t("lines.wrong.percentages"));
  const shorter = check((text) => Number(text) < Number(form.getFieldValue("soon")), t("lines.wrong.order"));
  const count = check((text) => !text.trim() || whole(text) !== undefined, t("lines.wrong.units"));
  const fields: [keyof Draft, (typeof count)[], (keyof Draft)[]][] = [
    ["safety", [percent], []],
    ["percentages", [below], ["safety"]],
    ["absolute", [count], []],
    ["soon", [seconds], []],
    ["now", [seconds, shorter], ["soon"]],
    ["quiet", [seconds], []],
    ["escalate", [seconds], []],
  ];
  return (
    <Form<Draft>
      form={form}
      // Two of these forms stand side by side, and a field's id is made of both names.
      name={found.sku === null ? "lines-all" : "lines-one"}
      layout="vertical"
      requiredMark={false}
      initialValues={draftOf(found.lines)}
      onValuesChange={() => setSaved(false)}
      onFinish={(entered) => void run(() => writes.setLines(found.sku, linesOf(found.lines, entered)))}
    >
      <div className="lines-fields">
        {fields.map(([name, rules, dependencies]) => (
          <Form.Item
            key={name}
            name={name}
            label={t(`lines.${name}`)}
            rules={rules}
            dependencies={dependencies}
          >
            <Input className="num" inputMode={name === "percentages" ? "text" : "numeric"} />
          </Form.Item>
        ))}
      </div>
      <p className="lines-example num" data-testid="example">
        {example(t, draft)}
      </p>
      <div className="lines-acts">
        <Guarded type="primary" why={whyNot} onClick={form.submit}>
          {t("lines.save")}
        </Guarded>
        {found.own && whyNot === null && (
          <Button onClick={() => void run(() => writes.dropLines(found.sku))}>
            {t(found.sku === null ? "lines.reset" : "lines.follow")}
          </Button>
        )}
        <output className="lines-saved">{saved && `✓ ${t("lines.saved")}`}</output>
      </div>
      {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
      <LinesPreview sku={found.sku} lines={async () => linesOf(found.lines, await form.validateFields())} />
    </Form>
  );
}
