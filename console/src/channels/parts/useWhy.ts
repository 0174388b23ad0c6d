import { useLine } from "../../live/context";
import { roleWord } from "../../live/words";
import { mayAs, useWho } from "../../session/session";
import { usePreferences } from "../../ui/preferences";

/** Why somebody may not write now, for each role that is needed; empty when they may. */
export function useWhy(): (needed: "operator" | "administrator") => string {
  const { t } = usePreferences();
  const who = useWho();
  const line = useLine();
  return (needed) => {
    if (!mayAs(who.role, needed)) {
      const key = needed === "operator" ? "move.why.role" : "channels.why.administrator";
      return t(key, { role: roleWord(t, who.role) });
    }
    return line === "live" ? "" : t("move.why.offline");
  };
}
