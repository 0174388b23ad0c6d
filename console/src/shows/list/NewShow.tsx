import { Form, Input, Select } from "antd";
import { useChannels } from "../../api/queries";
import type { ShowBody, ShowDocument } from "../../api/types";
import { FormDialog } from "../../ui/dialogs/FormDialog";
import { usePreferences } from "../../ui/preferences";
import { localTime, newShowId, planOf } from "../draft";
import { useShowWrites } from "../queries";

interface Props {
  /** The show whose rundown is taken over. */
  from: ShowDocument | null;
  /** The show to change, where none is made. */
  change?: ShowDocument;
  done(show: ShowDocument): void;
  close(): void;
}

interface Fields {
  name: string;
  channels: string[];
  starts: string;
  ends: string;
}

const HOUR_MS = 3_600_000;
const USUAL_MS = 3 * HOUR_MS;

/** At the next full hour, for three hours or as long as the other one was. */
function proposed(
  from: ShowDocument | null,
  change: ShowDocument | undefined,
): Pick<Fields, "starts" | "ends"> {
  if (change) return { starts: localTime(change.starts_at), ends: localTime(change.ends_at) };
  const start = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
  const lasts = from ? new Date(from.ends_at).getTime() - new Date(from.starts_at).getTime() : USUAL_MS;
  return { starts: localTime(new Date(start)), ends: localTime(new Date(start + lasts)) };
}

/** The show with other fields; a start that was not touched keeps its seconds, which the field has not. */
function changed(show: ShowDocument, body: ShowBody): ShowBody {
  const same = localTime(show.starts_at) === localTime(body.starts_at);
  const starts_at = same ? show.starts_at : body.starts_at;
  return { ...body, starts_at, items: planOf(show).items ?? [], revision: show.revision };
}

/** Name, channels and times of a show. */
export function NewShow({ from, change, done, close }: Props) {
  const { t } = usePreferences();
  const { put } = useShowWrites();
  const channels = useChannels().data ?? [];
  // Its stock and limits follow the channels of a live show already.
  const live = change?.status === "live";
  const needed = [{ required: true, message: t("shows.field.needed") }];

  async function make(fields: Fields) {
    const starts = new Date(fields.starts);
    const body = {
      name: fields.name.trim(),
      channels: fields.channels,
      starts_at: starts.toISOString(),
      ends_at: new Date(fields.ends).toISOString(),
      items: from ? (planOf(from).items ?? []) : [],
    };
    done(await (change ? put(change.id, changed(change, body)) : put(newShowId(starts), body)));
  }

  return (
    <FormDialog<Fields>
      title={t(change ? "shows.change" : from ? "shows.copy.title" : "shows.new")}
      act={t(change ? "rundown.save" : "shows.make")}
      initial={{
        name: change?.name ?? (from ? t("shows.copy.of", { name: from.name }) : ""),
        channels: (change ?? from)?.channels ?? [],
        ...proposed(from, change),
      }}
      save={make}
      close={close}
    >
      <Form.Item name="name" label={t("shows.name")} rules={[{ ...needed[0], whitespace: true }]}>
        <Input maxLength={100} autoFocus />
      </Form.Item>
      <Form.Item name="channels" label={t("shows.channels")} rules={needed}>
        <Select
          mode="multiple"
          disabled={live}
          showSearch={{ optionFilterProp: "label" }}
          options={channels.map(({ channel, name }) => ({ value: channel, label: name }))}
        />
      </Form.Item>
      <div className="shows-pair">
        <Form.Item name="starts" label={t("shows.starts")} rules={needed}>
          <Input type="datetime-local" disabled={live} />
        </Form.Item>
        <Form.Item
          name="ends"
          label={t("shows.ends")}
          dependencies={["starts"]}
          rules={[
            ...needed,
            ({ getFieldValue }) => ({
              validator: async (_, value: string) => {
                if (value && value <= getFieldValue("starts")) throw new Error(t("shows.field.order"));
              },
            }),
          ]}
        >
          <Input type="datetime-local" />
        </Form.Item>
      </div>
    </FormDialog>
  );
}
