import { mayAs, type RoleName, useWho } from "../../session/session";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";

const ROLES: readonly RoleName[] = ["viewer", "integration", "operator", "administrator"];

/** What there is to do, with the least role that may; it stands so in the reference of the HTTP API. */
const ACTS = {
  read: "viewer",
  hold: "integration",
  move: "operator",
  items: "operator",
  channels: "operator",
  listings: "operator",
  audit: "operator",
  overlay_change: "operator",
  keys: "administrator",
  connect: "administrator",
  overlay_make: "administrator",
} as const satisfies Record<string, RoleName>;

/** Who may do what: each role may do all that the ones before it may. */
export function RolesTab() {
  const { t } = usePreferences();
  const who = useWho();
  return (
    <div>
      <p className="settings-bar muted">{t("roles.hint")}</p>
      <Sheet label={t("settings.tab.roles")}>
        <thead>
          <tr>
            <th scope="col">{t("roles.act")}</th>
            {ROLES.map((role) => (
              <th key={role} scope="col">
                {t(`role.${role}`)}
                {role === who.role && <span className="tag">{t("keys.yours")}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(Object.keys(ACTS) as (keyof typeof ACTS)[]).map((act) => (
            <tr key={act}>
              <th scope="row">{t(`roles.act.${act}`)}</th>
              {ROLES.map((role) => (
                <td key={role}>
                  {mayAs(role, ACTS[act]) ? (
                    <b className="may">✓ {t("roles.may")}</b>
                  ) : (
                    <span className="muted">— {t("roles.may_not")}</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Sheet>
    </div>
  );
}
