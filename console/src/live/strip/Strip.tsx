import { Button, Input, type InputRef, Tooltip } from "antd";
import type { RefObject } from "react";
import { useDoor, useWho } from "../../session/session";
import { usePreferences } from "../../ui/preferences";
import { roleWord } from "../words";
import { ClockAndLine } from "./ClockAndLine";
import { Counts } from "./Counts";

interface Props {
  query: string;
  onQuery(text: string): void;
  search: RefObject<HTMLInputElement | null>;
  onDialog(which: "help" | "palette"): void;
}

/** The one line on top: clock, connection, lag, what is urgent, search and choices. */
export function Strip({ query, onQuery, search, onDialog }: Props) {
  const { t, theme, switchLanguage, switchTheme } = usePreferences();
  const who = useWho();
  const door = useDoor();
  const themeWord = t(theme === "dark" ? "app.theme.dark" : "app.theme.light");
  return (
    <header className="strip">
      <h1>{t("app.title")}</h1>
      <ClockAndLine />
      <Counts />
      <Input
        ref={(input: InputRef | null) => {
          search.current = input?.input ?? null;
        }}
        className="strip-search"
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        placeholder={t("strip.search")}
        aria-label={t("strip.search")}
        allowClear
      />
      <span className="strip-tools">
        <Tooltip title={`${t("app.commands")}  Ctrl K`}>
          <Button type="text" onClick={() => onDialog("palette")} aria-label={`${t("app.commands")} Ctrl K`}>
            Ctrl K
          </Button>
        </Tooltip>
        <Tooltip title={`${t("app.help")}  ?`}>
          <Button type="text" onClick={() => onDialog("help")} aria-label={`${t("app.help")} ?`}>
            ?
          </Button>
        </Tooltip>
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
      </span>
    </header>
  );
}
