import { Button } from "antd";
import { useEffect, useState } from "react";
import { usePreferences } from "../ui/preferences";

const UNDO_S = 10;

export interface Done {
  text: string;
  /** Takes it back; null for what cannot be. */
  undo: (() => Promise<unknown>) | null;
}

interface Props {
  done: Done | null;
  fail(cause: unknown): void;
}

/** Says what was just done, and for ten seconds takes it back; keyed anew for each deed. */
export function UndoBar({ done, fail }: Props) {
  const { t } = usePreferences();
  const [left, setLeft] = useState(UNDO_S);
  const [undone, setUndone] = useState(false);
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  const undo = done?.undo ?? null;

  async function takeBack(work: () => Promise<unknown>) {
    setLeft(0);
    try {
      await work();
      setUndone(true);
    } catch (cause) {
      fail(cause);
    }
  }

  return (
    <output className="guards-done" data-testid="done">
      {done && `✓ ${undone ? t("guards.undone") : done.text}`}
      {undo && !undone && left > 0 && (
        <Button size="small" data-testid="undo" onClick={() => void takeBack(undo)}>
          {t("guards.undo", { n: left })}
        </Button>
      )}
    </output>
  );
}
