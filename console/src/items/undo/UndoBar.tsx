import { Button } from "antd";
import { useState } from "react";
import type { ItemUndoDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { UndoDialog } from "./UndoDialog";

interface Props {
  /** The import, and how many rows it had. */
  id: string;
  rows: number;
  whyNot: string | null;
  close(): void;
}

/** Says what was imported last and takes it back; it stays until it is put away. */
export function UndoBar({ id, rows, whyNot, close }: Props) {
  const { t } = usePreferences();
  const [asking, setAsking] = useState(false);
  const [undone, setUndone] = useState<ItemUndoDocument | null>(null);
  const left = undone?.refused.length ?? 0;
  let words = t("undo.imported", { n: units(rows) });
  if (undone) words = left ? t("undo.done.partly", { n: units(left) }) : t("undo.done");
  return (
    <>
      <output className="items-done" data-testid="imported">
        {left ? "!" : "✓"} {words}
        {(!undone || left > 0) && (
          <Guarded size="small" why={whyNot} onClick={() => setAsking(true)}>
            {t("undo.open")}
          </Guarded>
        )}
        <Button size="small" type="text" aria-label={t("undo.put_away")} onClick={close}>
          ×
        </Button>
      </output>
      {asking && <UndoDialog id={id} done={setUndone} close={() => setAsking(false)} />}
    </>
  );
}
