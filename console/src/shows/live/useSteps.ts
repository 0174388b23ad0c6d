import { useRef, useState } from "react";
import type { ShowDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { type StepName, useShowWrites } from "../queries";

/** So soon after a step a second press is a slip of the finger, not a wish. */
const SLIP_MS = 250;

export interface Steps {
  busy: boolean;
  trouble: unknown;
  /** Why a step cannot be made now; null when it can. */
  why: Record<"next" | "skip" | "undo" | "any", string | null>;
  run(name: StepName, more?: object): void;
}

/** The steps of the live show, one at a time. */
export function useSteps(show: ShowDocument | undefined, whyNot: string | null): Steps {
  const { t } = usePreferences();
  const { step } = useShowWrites();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const under = useRef(false);
  const waits = show?.items.some((item) => item.state === "waiting");
  const any = whyNot ?? (busy ? t("show.busy") : null);

  async function go(name: StepName, more: object) {
    if (under.current || !show) return;
    under.current = true;
    setBusy(true);
    setTrouble(null);
    try {
      await step(show.id, name, more);
    } catch (cause) {
      setTrouble(cause);
    }
    setTimeout(() => {
      under.current = false;
      setBusy(false);
    }, SLIP_MS);
  }

  return {
    busy,
    trouble,
    why: {
      any,
      next: any ?? (waits || show?.current ? null : t("show.next.none")),
      skip: any ?? (show?.current ? null : t("show.skip.none")),
      undo: any ?? (show?.undoable ? null : t("show.undo.none")),
    },
    run: (name, more = {}) => void go(name, more),
  };
}
