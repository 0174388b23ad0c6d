import { Alert, Button, Drawer, Form } from "antd";
import { useState } from "react";
import type { SkuDocument } from "../../api/types";
import type { Done } from "../../items/DoneBar";
import { bodyOf } from "../../items/item";
import { ChangedMeanwhile, useItemWrites } from "../../items/save";
import { useLive } from "../../live/context";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { dateTime } from "../../ui/when";
import { PreviewResult } from "../preview/PreviewResult";
import { lastWeek } from "../preview/span";
import { usePreview } from "../preview/usePreview";
import { draftOf, type GuardDraft, guardOf } from "./draft";
import { GuardFields } from "./GuardFields";
import { PRESETS, preset } from "./presets";
import { sentence } from "./sentence";

const DAY = "2026-11-11".length;

interface Props {
  item: SkuDocument;
  whyNot: string | null;
  done(saved: Done): void;
  close(): void;
}

/** All rules of one item, what they mean in words, and what they would have done last week. */
export function GuardDrawer({ item, whyNot, done, close }: Props) {
  const { t } = usePreferences();
  const writes = useItemWrites();
  const { store } = useLive();
  const preview = usePreview();
  const [form] = Form.useForm<GuardDraft>();
  const [seen] = useState(item);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const watched = Form.useWatch([], { form, preserve: true }) as GuardDraft | undefined;
  // Before its fields are there, a form watches nothing at all.
  const draft = watched?.speeds ? watched : draftOf(seen.guard);
  const guard = guardOf(draft, seen.guard);
  const today = dateTime(new Date().toISOString()).slice(0, DAY);

  async function save(entered: GuardDraft) {
    setBusy(true);
    try {
      const after = await writes.replace(seen, { ...bodyOf(seen), guard: guardOf(entered, seen.guard) });
      done({ kind: "saved", before: seen, after });
    } catch (cause) {
      setError(cause instanceof ChangedMeanwhile ? new Error(t("items.changed")) : cause);
      setBusy(false);
    }
  }

  async function tryOut() {
    const entered = await form.validateFields().catch(() => null);
    const rules = entered && guardOf(entered, seen.guard);
    if (rules) void preview.run([{ sku: seen.sku, guard: rules }], lastWeek(new Date()));
  }

  return (
    <Drawer
      open
      size={620}
      title={t("guards.drawer", { sku: `${seen.sku} ${seen.name}` })}
      onClose={close}
      footer={
        <div className="items-drawer-foot">
          {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
          <span className="guards-acts">
            <Guarded type="primary" why={whyNot} loading={busy} onClick={form.submit}>
              {t("guards.save")}
            </Guarded>
            <Button disabled={guard === null} onClick={() => void tryOut()}>
              {t("guards.try")}
            </Button>
            <Button onClick={() => form.setFieldsValue(draftOf(null))}>{t("guards.clear")}</Button>
          </span>
        </div>
      }
    >
      <div className="guards-presets">
        <span>{t("guards.presets")}</span>
        {PRESETS.map((name) => (
          <Button
            key={name}
            size="small"
            onClick={() =>
              form.setFieldsValue(preset(name, draft, store.row(seen.sku)?.item.available, today))
            }
          >
            {t(`guards.preset.${name}`)}
          </Button>
        ))}
        <p className="muted">{t("guards.preset.hint")}</p>
      </div>
      <p className="guards-words" data-testid="words" aria-live="polite">
        <b>{t("guards.words")}</b> {sentence(t, guard)}
      </p>
      <Form<GuardDraft>
        form={form}
        name="guard"
        layout="vertical"
        requiredMark={false}
        initialValues={draftOf(seen.guard)}
        onFinish={(entered) => void save(entered)}
        scrollToFirstError
      >
        <GuardFields />
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </Form>
      <PreviewResult preview={preview} />
    </Drawer>
  );
}
