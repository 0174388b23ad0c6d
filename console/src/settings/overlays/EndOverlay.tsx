import { call } from "../../api/client";
import type { NewOverlayDocument } from "../../api/types";
import { Confirm } from "../../ui/dialogs/Confirm";
import { usePreferences } from "../../ui/preferences";

export type OverlayEnd = "rotate" | "revoke";

interface Props {
  kind: OverlayEnd;
  name: string;
  done(made: NewOverlayDocument | null): void;
  close(): void;
}

/** Asks before an address that may be on air ends. */
export function EndOverlay({ kind, name, done, close }: Props) {
  const { t } = usePreferences();
  const path = `/v1/overlays/${encodeURIComponent(name)}`;

  async function run() {
    if (kind === "rotate") return done(await call<NewOverlayDocument>("POST", `${path}/rotate`));
    await call("DELETE", path);
    done(null);
  }

  return (
    <Confirm
      title={t(`overlays.${kind}.title`, { name })}
      act={t(`overlays.${kind}`)}
      danger
      run={run}
      close={close}
    >
      <p>{t(`overlays.${kind}.ask`)}</p>
    </Confirm>
  );
}
