import { Button } from "antd";
import { useEffect, useState } from "react";
import type { SkuDocument } from "../api/types";
import { usePreferences } from "../ui/preferences";
import { bodyOf } from "./item";
import { ChangedMeanwhile, useItemWrites } from "./save";

const UNDO_S = 10;

export interface Done {
  kind: "made" | "saved" | "frozen" | "unfrozen";
  /** The item as it was; null when it is new, which cannot be taken back. */
  before: SkuDocument | null;
  after: SkuDocument;
}

interface Props {
  done: Done | null;
  close(): void;
  fail(cause: unknown): void;
}

/** Says what was just done, and for ten seconds takes it back. */
export function DoneBar({ done, close, fail }: Props) {
  const { t } = usePreferences();
  const writes = useItemWrites();
  const [left, setLeft] = useState(UNDO_S);
  const [undone, setUndone] = useState(false);
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  if (!done) return <output />;
  const { kind, before, after } = done;

  async function undo(old: SkuDocument) {
    setLeft(0);
    try {
      if (kind === "frozen" || kind === "unfrozen") await writes.setFrozen(old.sku, old.frozen);
      else await writes.replace(after, bodyOf(old));
      setUndone(true);
    } catch (cause) {
      close();
      fail(cause instanceof ChangedMeanwhile ? new Error(t("items.undo.late", { sku: old.sku })) : cause);
    }
  }

  return (
    <output className="items-done" data-testid="done">
      ✓ {undone ? t("items.undone", { sku: after.sku }) : t(`items.done.${kind}`, { sku: after.sku })}
      {before && !undone && left > 0 && (
        <Button size="small" onClick={() => void undo(before)} data-testid="undo">
          {t("items.undo", { n: left })}
        </Button>
      )}
    </output>
  );
}
