import { Button, Input, type InputRef, Tooltip } from "antd";
import type { RefObject } from "react";
import { Tools } from "../../frame/Tools";
import { usePreferences } from "../../ui/preferences";
import { Alerts } from "./Alerts";
import { ClockAndLine } from "./ClockAndLine";
import { ItemCount } from "./ItemCount";

interface Props {
  query: string;
  onQuery(text: string): void;
  search: RefObject<HTMLInputElement | null>;
  onDialog(which: "help" | "palette"): void;
}

/** The one line on top: clock, connection, lag, items, warnings, search and choices. */
export function Strip({ query, onQuery, search, onDialog }: Props) {
  const { t } = usePreferences();
  return (
    <header className="strip">
      <h1>{t("app.title")}</h1>
      <ClockAndLine />
      <ItemCount />
      <Alerts />
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
        <Tools />
      </span>
    </header>
  );
}
