import { useQuery } from "@tanstack/react-query";
import { Alert, Checkbox, Spin } from "antd";
import { useState } from "react";
import { call } from "../../api/client";
import { useItems } from "../../api/queries";
import type { NewOverlayDocument, OverlayDocument, OverlayPage } from "../../api/types";
import { roleWord } from "../../live/words";
import { mayAs, useWho } from "../../session/session";
import { ShownOnce } from "../../ui/dialogs/ShownOnce";
import { Guarded } from "../../ui/Guarded";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { EndOverlay, type OverlayEnd } from "./EndOverlay";
import { OverlayForm } from "./OverlayForm";
import { OverlayTable } from "./OverlayTable";
import "./overlays.css";

/** The pictures that are laid over live video. */
export function OverlaysTab() {
  const { t } = usePreferences();
  const who = useWho();
  if (mayAs(who.role, "operator")) return <Overlays />;
  return <Alert type="info" showIcon title={t("overlays.not_yours", { role: roleWord(t, who.role) })} />;
}

function Overlays() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("administrator");
  const items = useItems();
  const [ended, setEnded] = useState(false);
  const [form, setForm] = useState<{ old: OverlayDocument | null } | null>(null);
  const [act, setAct] = useState<{ kind: OverlayEnd; name: string } | null>(null);
  const [made, setMade] = useState<NewOverlayDocument | null>(null);
  const overlays = useQuery({
    queryKey: ["overlays"],
    queryFn: async () => (await call<OverlayPage>("GET", "/v1/overlays")).items,
  });

  function done(address: NewOverlayDocument | null) {
    setForm(null);
    setAct(null);
    setMade(address);
    void overlays.refetch();
  }

  const shown = (overlays.data ?? []).filter((overlay) => ended || overlay.live);
  return (
    <div>
      <div className="settings-bar">
        <Guarded type="primary" why={whyNot} onClick={() => setForm({ old: null })}>
          {t("overlays.new")}
        </Guarded>
        <Checkbox checked={ended} onChange={(event) => setEnded(event.target.checked)}>
          {t("overlays.show_ended")}
        </Checkbox>
        <span className="muted">{t("overlays.hint")}</span>
      </div>
      {overlays.error && (
        <Alert type="error" banner title={t("table.failed", { detail: troubleWord(t, overlays.error) })} />
      )}
      {overlays.isPending ? (
        <Spin />
      ) : shown.length === 0 ? (
        <p className="settings-empty">
          {t("overlays.none")} <span className="muted">{t("overlays.none.hint")}</span>
        </p>
      ) : (
        <OverlayTable
          overlays={shown}
          items={items.data ?? new Map()}
          change={(old) => setForm({ old })}
          end={(kind, name) => setAct({ kind, name })}
        />
      )}
      {form && <OverlayForm old={form.old} done={done} close={() => setForm(null)} />}
      {act && <EndOverlay kind={act.kind} name={act.name} done={done} close={() => setAct(null)} />}
      {made && (
        <ShownOnce
          title={t("overlays.made", { name: made.name })}
          warning={t("overlays.once")}
          secret={location.origin + made.path}
          close={() => setMade(null)}
        />
      )}
    </div>
  );
}
