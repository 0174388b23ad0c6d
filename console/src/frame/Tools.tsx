import { Button, Tooltip } from "antd";
import { roleWord } from "../live/words";
import { useDoor, useWho } from "../session/session";
import { usePreferences } from "../ui/preferences";

/** Theme, language, and the way out, as every page has them. */
export function Tools() {
  const { t, theme, switchLanguage, switchTheme } = usePreferences();
  const who = useWho();
  const door = useDoor();
  const themeWord = t(theme === "dark" ? "app.theme.dark" : "app.theme.light");
  return (
    <>
      <Tooltip title={themeWord}>
        <Button type="text" onClick={switchTheme} aria-label={themeWord}>
          {theme === "dark" ? "☾" : "☀"}
        </Button>
      </Tooltip>
      <Button type="text" onClick={switchLanguage} title={t("app.language.label")}>
        {t("app.language")}
      </Button>
      <Tooltip title={`${who.actor} · ${t("app.leave")}`}>
        <Button
          type="text"
          onClick={() => void door.leave()}
          aria-label={`${roleWord(t, who.role)} · ${t("app.leave")}`}
        >
          {roleWord(t, who.role)}
        </Button>
      </Tooltip>
    </>
  );
}
