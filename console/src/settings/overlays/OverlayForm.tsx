import { Alert, Input, Modal } from "antd";
import { useMemo, useState } from "react";
import { call } from "../../api/client";
import { useItems } from "../../api/queries";
import type { NewOverlayDocument, OverlayBody, OverlayDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { LookFields } from "./LookFields";
import { lookOf, NEW_LOOK } from "./look";
import { Preview } from "./Preview";
import "./overlays.css";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

interface Props {
  /** The overlay to change; null to make one. */
  old: OverlayDocument | null;
  done(made: NewOverlayDocument | null): void;
  close(): void;
}

/** An overlay made or changed, with a picture of what viewers will see. */
export function OverlayForm({ old, done, close }: Props) {
  const { t } = usePreferences();
  const items = useItems();
  const [name, setName] = useState(old?.name ?? "");
  const [look, setLook] = useState(old ? lookOf(old) : NEW_LOOK);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const names = useMemo(
    () => look.skus.map((sku) => items.data?.get(sku)?.name ?? sku),
    [look.skus, items.data],
  );

  async function save() {
    if (!NAME.test(name)) return setError(t("keys.name.wrong"));
    if (look.skus.length === 0) return setError(t("overlays.items.wrong"));
    setBusy(true);
    try {
      if (old) {
        await call<OverlayDocument>("PUT", `/v1/overlays/${encodeURIComponent(name)}`, look);
        done(null);
      } else {
        const body: OverlayBody = { ...look, name };
        done(await call<NewOverlayDocument>("POST", "/v1/overlays", body));
      }
    } catch (cause) {
      setError(troubleWord(t, cause));
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      width={940}
      title={old ? t("overlays.change.title", { name }) : t("overlays.new")}
      okText={t(old ? "overlays.save" : "overlays.make")}
      cancelText={t("move.cancel")}
      okButtonProps={{ loading: busy }}
      onOk={() => void save()}
      onCancel={close}
    >
      <div className="overlay-form">
        <div>
          {!old && (
            <div className="field">
              <label htmlFor="overlay-name">{t("overlays.name")}</label>
              <Input
                id="overlay-name"
                autoFocus
                autoComplete="off"
                maxLength={64}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
              <span className="muted">{t("overlays.name.hint")}</span>
            </div>
          )}
          <LookFields look={look} items={items.data ?? new Map()} change={setLook} />
        </div>
        <Preview look={look} names={names} />
      </div>
      {error !== "" && <Alert type="error" showIcon title={error} />}
    </Modal>
  );
}
