import { Form, Input } from "antd";
import type { ChannelDocument } from "../api/types";
import { units } from "../i18n/format";
import { useRow } from "../live/context";
import { usePreferences } from "../ui/preferences";
import { type Draft, given, total } from "./drop";

interface Props {
  channels: readonly ChannelDocument[];
}

/** Units for each channel, beside what there is to lock. */
export function UnitFields({ channels }: Props) {
  const { t } = usePreferences();
  const draft = Form.useWatch([], Form.useFormInstance<Draft>()) as Draft | undefined;
  const row = useRow(draft?.sku ?? "");
  const there = row?.item.unallocated ?? 0;
  const asked = total(draft?.units ?? {});
  return (
    <Form.Item
      extra={
        draft?.sku ? (
          <span className={asked > there ? "drops-short num" : "num"} data-testid="there">
            {t("drops.there", { n: units(there), asked: units(asked) })}
          </span>
        ) : null
      }
    >
      <div className="drops-channels">
        {channels.map((channel, at) => (
          <Form.Item
            key={channel.channel}
            name={["units", channel.channel]}
            label={t("drops.units", { channel: channel.name })}
            dependencies={at === 0 ? channels.slice(1).map((each) => ["units", each.channel]) : []}
            rules={[
              ({ getFieldValue }) => ({
                validator: async (_, text: string | undefined) => {
                  if (text?.trim() && !/^[1-9]\d*$/.test(text.trim()))
                    throw new Error(t("drops.units.wrong"));
                  if (at === 0 && Object.keys(given(getFieldValue("units") ?? {})).length === 0)
                    throw new Error(t("drops.units.none"));
                },
              }),
            ]}
          >
            <Input className="num" inputMode="numeric" />
          </Form.Item>
        ))}
      </div>
    </Form.Item>
  );
}
