import { useLine } from "../live/context";
import { roleWord } from "../live/words";
import { mayAs, type RoleName, useWho } from "../session/session";
import { usePreferences } from "./preferences";

/** Why one cannot write now: the role, or no line to the server; null when one can. */
export function useWhyNot(needed: RoleName): string | null {
  const { t } = usePreferences();
  const who = useWho();
  const line = useLine();
  if (!mayAs(who.role, needed)) {
    return t("settings.why.role", { needed: t(`role.${needed}`), role: roleWord(t, who.role) });
  }
  return line === "live" ? null : t("move.why.offline");
}
