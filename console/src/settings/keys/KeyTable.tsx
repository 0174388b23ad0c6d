import type { KeyDocument } from "../../api/types";
import { roleWord } from "../../live/words";
import { isKeyOf, useWho } from "../../session/session";
import { Guarded } from "../../ui/Guarded";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import type { KeyAct } from "./EndKey";

interface Props {
  keys: readonly KeyDocument[];
  whyNot: string | null;
  act(kind: KeyAct, name: string): void;
}

/** The keys, one line each. */
export function KeyTable({ keys, whyNot, act }: Props) {
  const { t } = usePreferences();
  const who = useWho();
  return (
    <Sheet label={t("settings.tab.keys")}>
      <thead>
        <tr>
          <th scope="col">{t("keys.name")}</th>
          <th scope="col">{t("keys.role")}</th>
          <th scope="col">{t("keys.state")}</th>
          <th scope="col">{t("keys.expires")}</th>
          <th scope="col">{t("keys.created")}</th>
          <th scope="col">{t("keys.by")}</th>
          <th scope="col">{t("keys.acts")}</th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr
            key={`${key.name} ${key.created_at}`}
            className={key.live ? "" : "is-ended"}
            data-key={key.name}
          >
            <th scope="row">
              {key.name}
              {isKeyOf(who.actor, key.name) && <span className="tag">{t("keys.yours")}</span>}
            </th>
            <td>{roleWord(t, key.role)}</td>
            <td>{stateWord(t, key)}</td>
            <td className="num">{key.expires_at ? dateTime(key.expires_at) : t("keys.never")}</td>
            <td className="num">{dateTime(key.created_at)}</td>
            <td>{key.created_by}</td>
            <td className="sheet-acts">
              {key.live && (
                <>
                  <Guarded size="small" why={whyNot} onClick={() => act("rotate", key.name)}>
                    {t("keys.rotate")}
                  </Guarded>
                  <Guarded size="small" danger why={whyNot} onClick={() => act("revoke", key.name)}>
                    {t("keys.revoke")}
                  </Guarded>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </Sheet>
  );
}

function stateWord(t: ReturnType<typeof usePreferences>["t"], key: KeyDocument): string {
  if (!key.live) return key.revoked_at ? t("keys.state.revoked") : t("keys.state.expired");
  return key.revoked_at ? t("keys.state.ending", { at: dateTime(key.revoked_at) }) : t("keys.state.live");
}
