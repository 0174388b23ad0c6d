import { Button } from "antd";
import type { FormEvent } from "react";
import { reasonAgainst } from "../../moves/reasons";
import { usePreferences } from "../../ui/preferences";
import { useLive } from "../context";
import { useRoom } from "../room";
import { useCircumstances } from "./useCircumstances";
import { useFocus } from "./useFocus";

/** Freezing and unfreezing: what it will do, and the button that Enter presses. */
export function SwitchForm({ sku }: { sku: string }) {
  const { t } = usePreferences();
  const { desk, store } = useLive();
  const { items, openMove } = useRoom();
  const about = useCircumstances(store.row(sku)?.item);
  const focus = useFocus<HTMLButtonElement>();
  const kind = items.get(sku)?.frozen ? "unfreeze" : "freeze";
  const reason = reasonAgainst(kind, about);
  const why = reason ? t(reason.key, reason.values) : "";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (why) return;
    openMove(null);
    void desk.run({ kind, sku, quantity: 0, channel: "" });
  }

  return (
    <form className="move-form" onSubmit={submit} data-testid="move-form" aria-label={t(`move.${kind}`)}>
      <div className="move-line">
        <b>{t(`move.${kind}`)}</b>
        <Button
          ref={focus}
          type="primary"
          danger={kind === "freeze"}
          htmlType="submit"
          aria-disabled={why !== ""}
        >
          {t("move.go")}
        </Button>
        <Button onClick={() => openMove(null)}>{t("move.cancel")}</Button>
      </div>
      <p className={why ? "preflight is-blocked" : "preflight"} role="status" data-testid="preflight">
        {why || `${t("move.preflight")} ${t(`move.preflight.${kind}`)}`}
      </p>
      <small className="muted">{t("move.keys")}</small>
    </form>
  );
}
