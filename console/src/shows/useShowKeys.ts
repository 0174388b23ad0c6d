import { type RefObject, useEffect, useRef } from "react";
import type { ShowDocument } from "../api/types";
import { keyOf } from "../live/keys";
import type { Steps } from "./live/useSteps";
import { reachApproval } from "./reserve/keys";
import type { Draft } from "./rundown/useDraft";

interface Props {
  show: ShowDocument;
  draft: Draft;
  steps: Steps;
  search: RefObject<{ focus(): void } | null>;
  whyNot: string | null;
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** The keyboard of a show: the draft while it is planned, the steps while it is live. */
export function useShowKeys(props: Props): void {
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { show, draft, steps, search, whyNot } = latest.current;
      // A dialog has the keyboard for itself.
      if (document.querySelector(".ant-modal-wrap:not([style*='display: none'])")) return;
      const key = keyOf(event);
      const command = event.ctrlKey || event.metaKey;
      const does: Record<string, () => void> = {};
      if (command) {
        does.s = () => whyNot === null && void draft.save();
        if (!inField(event.target)) does.z = draft.undo;
      } else if (!inField(event.target) && !event.altKey && !event.repeat) {
        does["/"] = () => search.current?.focus();
        if (show.status === "live") {
          does.y = reachApproval;
          does.n = () => steps.why.next === null && steps.run("next");
          does.s = () => steps.why.skip === null && steps.run("skip");
          does.z = () => steps.why.undo === null && steps.run("undo");
        }
      }
      const act = does[key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
