import { Button } from "antd";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { UNDO_MS } from "../../moves/desk";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";

interface Said {
  text: string;
  bad: boolean;
  undo?: (() => Promise<unknown>) | undefined;
}

interface Notices {
  /** Tell what was done, and for ten seconds how to take it back. */
  done(text: string, undo?: () => Promise<unknown>): void;
  failed(error: unknown): void;
}

const Context = createContext<Notices>({ done: () => undefined, failed: () => undefined });

export function useNotices(): Notices {
  return useContext(Context);
}

/** One line at the bottom of the page for what was done last. */
export function NoticeProvider({ children }: { children: ReactNode }) {
  const { t } = usePreferences();
  const [said, setSaid] = useState<Said | null>(null);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), UNDO_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const notices = useMemo<Notices>(
    () => ({
      done: (text, undo) => setSaid({ text, bad: false, undo }),
      failed: (error) => setSaid({ text: troubleWord(t, error), bad: true }),
    }),
    [t],
  );
  function takeBack(undo: () => Promise<unknown>) {
    setSaid(null);
    undo().then(() => notices.done(t("channels.undone")), notices.failed);
  }
  const undo = said?.undo;
  return (
    <Context.Provider value={notices}>
      {children}
      <output className={`channels-notice ${said ? "is-shown" : ""} ${said?.bad ? "is-bad" : ""}`}>
        {said && `${said.bad ? "✕" : "✓"} ${said.text}`}
        {undo && (
          <Button size="small" onClick={() => takeBack(undo)}>
            {t("move.undo")}
          </Button>
        )}
      </output>
    </Context.Provider>
  );
}
