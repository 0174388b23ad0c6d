import { Select } from "antd";
import { useState } from "react";
import { call } from "../../api/client";
import type { NewKeyDocument } from "../../api/types";
import { isKeyOf, useWho } from "../../session/session";
import { Confirm } from "../../ui/dialogs/Confirm";
import { usePreferences } from "../../ui/preferences";

export type KeyAct = "rotate" | "revoke";

const GRACES = {
  0: "keys.grace.0",
  3600: "keys.grace.hour",
  86400: "keys.grace.day",
  604800: "keys.grace.week",
} as const;

interface Props {
  kind: KeyAct;
  name: string;
  done(key: NewKeyDocument | null): void;
  close(): void;
}

/** Asks before a key is replaced or ended. */
export function EndKey({ kind, name, done, close }: Props) {
  const { t } = usePreferences();
  const who = useWho();
  const [grace, setGrace] = useState(86400);
  const path = `/v1/keys/${encodeURIComponent(name)}`;

  async function run() {
    if (kind === "revoke") {
      await call("DELETE", path);
      done(null);
    } else {
      done(await call<NewKeyDocument>("POST", `${path}/rotate`, { grace_s: grace }));
    }
  }

  return (
    <Confirm
      title={t(`keys.${kind}.title`, { name })}
      act={t(`keys.${kind}`)}
      danger={kind === "revoke"}
      run={run}
      close={close}
    >
      <p>{t(`keys.${kind}.ask`)}</p>
      {isKeyOf(who.actor, name) && <p className="is-warning">{t("keys.yours.warning")}</p>}
      {kind === "rotate" && (
        <div className="field">
          <label htmlFor="grace">{t("keys.grace")}</label>
          <Select
            id="grace"
            value={grace}
            onChange={setGrace}
            options={Object.entries(GRACES).map(([value, word]) => ({
              value: Number(value),
              label: t(word),
            }))}
          />
        </div>
      )}
    </Confirm>
  );
}
