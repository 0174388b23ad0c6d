import { useEffect, useState } from "react";
import type { RundownItemBody, ShowBody, ShowDocument } from "../../api/types";
import { planOf, samePlan } from "../draft";
import { useShowWrites } from "../queries";

const UNDO_MAX = 100;

/** The rundown as it is being edited, against the one that was read last. */
export interface Draft {
  items: readonly RundownItemBody[];
  dirty: boolean;
  /** Somebody else changed the plan while this one was edited. */
  conflict: boolean;
  canUndo: boolean;
  saving: boolean;
  trouble: unknown;
  /** Put other items in place; a `key` joins changes of one field into one step of undo. */
  change(items: RundownItemBody[], key?: string): void;
  undo(): void;
  save(): Promise<void>;
  /** Forget what was edited. */
  takeTheirs(): void;
}

/** One save, and undo by steps; steps of a live show do not disturb the editing, another's plan does. */
export function useDraft(show: ShowDocument): Draft {
  const { put } = useShowWrites();
  const [base, setBase] = useState<ShowBody>(() => planOf(show));
  const [items, setItems] = useState<readonly RundownItemBody[]>(base.items ?? []);
  const [past, setPast] = useState<readonly (readonly RundownItemBody[])[]>([]);
  const [lastKey, setLastKey] = useState("");
  const [saving, setSaving] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const theirs = planOf(show);
  const dirty = !samePlan({ ...base, items: [...items] }, base);
  const moved = !samePlan(theirs, base);

  function restart(plan: ShowBody) {
    setBase(plan);
    setItems(plan.items ?? []);
    setPast([]);
    setLastKey("");
    setTrouble(null);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest plan is taken over when it came, once.
  useEffect(() => {
    if (moved && !dirty && !saving) restart(theirs);
  }, [show.revision, dirty, saving]);

  return {
    items,
    dirty,
    conflict: moved && dirty && !saving,
    canUndo: past.length > 0,
    saving,
    trouble,
    change(next, key = "") {
      if (!key || key !== lastKey) setPast((steps) => [...steps, items].slice(-UNDO_MAX));
      setLastKey(key);
      setItems(next);
      setTrouble(null);
    },
    undo() {
      const before = past.at(-1);
      if (!before) return;
      setItems(before);
      setPast(past.slice(0, -1));
      setLastKey("");
    },
    async save() {
      if (!dirty || saving) return;
      setSaving(true);
      setTrouble(null);
      try {
        const saved = await put(show.id, { ...base, items: [...items], revision: show.revision });
        setBase(planOf(saved));
        setItems(planOf(saved).items ?? []);
        setLastKey("");
      } catch (cause) {
        setTrouble(cause);
      }
      setSaving(false);
    },
    takeTheirs: () => restart(theirs),
  };
}
