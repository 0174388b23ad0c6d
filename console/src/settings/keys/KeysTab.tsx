import { useQuery } from "@tanstack/react-query";
import { Alert, Checkbox, Spin } from "antd";
import { useState } from "react";
import { call } from "../../api/client";
import type { KeyDocument, KeyPage, NewKeyDocument } from "../../api/types";
import { roleWord } from "../../live/words";
import { mayAs, useWho } from "../../session/session";
import { ShownOnce } from "../../ui/dialogs/ShownOnce";
import { Guarded } from "../../ui/Guarded";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { EndKey, type KeyAct } from "./EndKey";
import { KeyTable } from "./KeyTable";
import { NewKey } from "./NewKey";

/** The keys of people and programs; only an administrator sees them. */
export function KeysTab() {
  const { t } = usePreferences();
  const who = useWho();
  if (!mayAs(who.role, "administrator")) {
    const title = t("keys.not_yours", { role: roleWord(t, who.role) });
    return <Alert type="info" showIcon title={title} description={t("keys.not_yours.hint")} />;
  }
  return <Keys />;
}

function Keys() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("administrator");
  const [ended, setEnded] = useState(false);
  const [making, setMaking] = useState(false);
  const [act, setAct] = useState<{ kind: KeyAct; name: string } | null>(null);
  const [made, setMade] = useState<NewKeyDocument | null>(null);
  const keys = useQuery({
    queryKey: ["keys"],
    queryFn: async () => (await call<KeyPage>("GET", "/v1/keys")).items,
  });

  function done(key: NewKeyDocument | null) {
    setMaking(false);
    setAct(null);
    setMade(key);
    void keys.refetch();
  }

  const shown = (keys.data ?? []).filter((key: KeyDocument) => ended || key.live);
  return (
    <div>
      <div className="settings-bar">
        <Guarded type="primary" why={whyNot} onClick={() => setMaking(true)}>
          {t("keys.new")}
        </Guarded>
        <Checkbox checked={ended} onChange={(event) => setEnded(event.target.checked)}>
          {t("keys.show_ended")}
        </Checkbox>
        <span className="muted">{t("keys.hint")}</span>
      </div>
      {keys.error && (
        <Alert type="error" banner title={t("table.failed", { detail: troubleWord(t, keys.error) })} />
      )}
      {keys.isPending ? (
        <Spin />
      ) : shown.length === 0 ? (
        <p className="settings-empty">{t("keys.none")}</p>
      ) : (
        <KeyTable keys={shown} whyNot={whyNot} act={(kind, name) => setAct({ kind, name })} />
      )}
      {making && <NewKey done={done} close={() => setMaking(false)} />}
      {act && <EndKey kind={act.kind} name={act.name} done={done} close={() => setAct(null)} />}
      {made && (
        <ShownOnce
          title={t("keys.made", { name: made.name })}
          warning={t("keys.once")}
          secret={made.key}
          close={() => setMade(null)}
        />
      )}
    </div>
  );
}
