import { useEffect, useRef } from "react";
import { keyOf } from "../../live/keys";
import type { Verdict } from "./ReviewsTab";

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
const VERDICTS: Readonly<Record<string, Verdict>> = { a: "accept", x: "reject" };

interface Acts {
  step(by: number): void;
  decide(verdict: Verdict): void;
}

/** The keyboard of the queue: arrows choose, a letter decides. */
export function useReviewKeys(acts: Acts): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (target.matches("input, textarea, [role=combobox], [role=tab]") || event.repeat) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // A dialog has the keyboard for itself.
      if (document.querySelector(".ant-modal-wrap:not([style*='display: none'])")) return;
      const by = STEPS[event.key];
      const verdict = VERDICTS[keyOf(event)];
      if (by === undefined && verdict === undefined) return;
      event.preventDefault();
      if (by !== undefined) latest.current.step(by);
      else if (verdict) latest.current.decide(verdict);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
