import { Alert, Drawer, Form } from "antd";
import { useState } from "react";
import type { SkuDocument } from "../../api/types";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import type { Done } from "../DoneBar";
import { bodyFrom, type Draft, draftOf } from "../item";
import { ChangedMeanwhile, useItemWrites } from "../save";
import { ExposureFields } from "./ExposureFields";
import { ItemFields } from "./ItemFields";
import { Parts } from "./Parts";

interface Props {
  /** Null: a new one. */
  item: SkuDocument | null;
  items: ReadonlyMap<string, SkuDocument>;
  whyNot: string | null;
  done(saved: Done): void;
  close(): void;
}

/** One item as a form; what it began with stays, whatever is read in the meantime. */
export function ItemDrawer({ item, items, whyNot, done, close }: Props) {
  const { t } = usePreferences();
  const writes = useItemWrites();
  const [form] = Form.useForm<Draft>();
  const [seen] = useState(item);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function save(draft: Draft) {
    setBusy(true);
    try {
      const body = bodyFrom(draft, seen);
      const after = await (seen ? writes.replace(seen, body) : writes.create(draft.sku.trim(), body));
      done({ kind: seen ? "saved" : "made", before: seen, after });
    } catch (cause) {
      setError(cause instanceof ChangedMeanwhile ? new Error(t("items.changed")) : cause);
      setBusy(false);
    }
  }

  return (
    <Drawer
      open
      size={460}
      title={seen ? t("items.edit", { sku: seen.sku }) : t("items.new")}
      onClose={close}
      footer={
        <div className="items-drawer-foot">
          {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
          <Guarded type="primary" why={whyNot} loading={busy} onClick={form.submit}>
            {t("items.save")}
          </Guarded>
        </div>
      }
    >
      <Form<Draft>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={draftOf(seen)}
        onFinish={(draft) => void save(seen ? { ...draft, sku: seen.sku } : draft)}
        scrollToFirstError
      >
        <ItemFields fresh={seen === null} taken={items} />
        <ExposureFields />
        <Parts items={items} self={seen?.sku ?? null} />
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </Form>
    </Drawer>
  );
}
