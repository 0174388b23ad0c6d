import { Checkbox, Form, Input, Radio, Select } from "antd";
import { useChannels, useItems } from "../api/queries";
import { FormDialog } from "../ui/dialogs/FormDialog";
import { usePreferences } from "../ui/preferences";
import { bodyOf, type Draft } from "./drop";
import { LimitItems } from "./LimitItems";
import { useDropWrites } from "./queries";
import { UnitFields } from "./UnitFields";

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const EMPTY: Draft = {
  id: "",
  sku: "",
  units: {},
  opens: "",
  closes: "",
  leftover: "return",
  limits: {},
  gate: "",
  lock: true,
};

interface Props {
  taken: ReadonlySet<string>;
  close(): void;
}

/** A drop to plan: which item, how many where, from when to when. */
export function NewDrop({ taken, close }: Props) {
  const { t } = usePreferences();
  const writes = useDropWrites();
  const { data: items } = useItems();
  const { data: channels } = useChannels();
  const counted = [...(items?.values() ?? [])].filter((item) => item.components.length === 0);

  async function save(draft: Draft) {
    await writes.plan(draft.id, bodyOf(draft));
    close();
  }

  return (
    <FormDialog<Draft>
      width={620}
      title={t("drops.new")}
      act={t("drops.save")}
      cancel={t("drops.back")}
      initial={EMPTY}
      save={save}
      close={close}
    >
      <Form.Item
        name="id"
        label={t("drops.id")}
        extra={t("drops.id.hint")}
        rules={[
          { pattern: CODE, required: true, message: t("drops.id.wrong") },
          {
            validator: async (_, id: string) => {
              if (taken.has(id)) throw new Error(t("drops.id.taken"));
            },
          },
        ]}
      >
        <Input autoFocus autoComplete="off" maxLength={64} />
      </Form.Item>
      <Form.Item
        name="sku"
        label={t("drops.item")}
        rules={[{ required: true, message: t("drops.item.wrong") }]}
      >
        <Select
          showSearch={{ optionFilterProp: "label" }}
          options={counted.map((item) => ({ value: item.sku, label: `${item.sku} · ${item.name}` }))}
        />
      </Form.Item>
      <UnitFields channels={channels ?? []} />
      <div className="drops-pair">
        <Form.Item
          name="opens"
          label={t("drops.opens")}
          rules={[{ required: true, message: t("drops.opens.wrong") }]}
        >
          <Input type="datetime-local" step={1} className="num" />
        </Form.Item>
        <Form.Item
          name="closes"
          label={t("drops.closes")}
          dependencies={["opens"]}
          rules={[
            ({ getFieldValue }) => ({
              validator: async (_, closes: string) => {
                if (closes && closes <= getFieldValue("opens")) throw new Error(t("drops.closes.wrong"));
              },
            }),
          ]}
        >
          <Input type="datetime-local" step={1} className="num" />
        </Form.Item>
      </div>
      <LimitItems />
      <Form.Item name="leftover" label={t("drops.leftover")}>
        <Radio.Group
          options={(["return", "stay"] as const).map((value) => ({
            value,
            label: t(`drops.leftover.${value}.long`),
          }))}
        />
      </Form.Item>
      <Form.Item name="lock" valuePropName="checked">
        <Checkbox>{t("drops.lock")}</Checkbox>
      </Form.Item>
    </FormDialog>
  );
}
