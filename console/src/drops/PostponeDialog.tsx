import { Input } from "antd";
import { useState } from "react";
import type { DropDocument } from "../api/types";
import { Confirm } from "../ui/dialogs/Confirm";
import { usePreferences } from "../ui/preferences";
import { dateTime } from "../ui/when";
import { useDropWrites } from "./queries";

interface Props {
  drop: DropDocument;
  close(): void;
}

/** Another time for a drop that has not opened. */
export function PostponeDialog({ drop, close }: Props) {
  const { t } = usePreferences();
  const writes = useDropWrites();
  const [opens, setOpens] = useState(() => dateTime(drop.opens_at).replace(" ", "T"));
  return (
    <Confirm
      title={`${t("drops.postpone")} · ${drop.id}`}
      act={t("drops.act.postpone")}
      danger={false}
      run={async () => {
        if (!opens) throw new Error(t("drops.opens.wrong"));
        await writes.postpone(drop.id, new Date(opens).toISOString());
        close();
      }}
      close={close}
    >
      <div className="drops-field">
        <label htmlFor="opens">{t("drops.opens")}</label>
        <Input
          id="opens"
          type="datetime-local"
          step={1}
          className="num"
          value={opens}
          onChange={(event) => setOpens(event.target.value)}
        />
      </div>
    </Confirm>
  );
}
