import { useEffect, useRef } from "react";
import type { MoveKind } from "../moves/move";

const PAGE = 10;

export const MOVE_KEYS: Readonly<Record<string, MoveKind>> = {
  a: "add",
  g: "give",
  r: "recall",
  o: "open_reserve",
  f: "freeze",
  u: "auto",
};

export interface KeyActions {
  enabled: boolean;
  moving: boolean;
  step(by: number): void;
  search(): void;
  openMove(kind: MoveKind | null): void;
  undo(): void;
  pitch(): void;
  /** The next item of the live show. */
  next(): void;
  /** To the button that opens what is proposed of the reserve. */
  proposal(): void;
  help(): void;
  palette(): void;
  escape(): void;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  j: 1,
  k: -1,
  PageDown: PAGE,
  PageUp: -PAGE,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The key meant: with a Chinese input method on, only the place of the key is told. */
export function keyOf(event: Pick<KeyboardEvent, "key" | "code">): string {
  if (event.key === "Process" || event.key === "Unidentified") {
    return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.code;
  }
  const plain: Record<string, string> = { "？": "?", "、": "/", "／": "/" };
  return event.key.length === 1 ? (plain[event.key] ?? event.key.toLowerCase()) : event.key;
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Do what a key stands for; returns whether it stood for anything. */
function act(key: string, actions: KeyActions): boolean {
  const by = STEPS[key];
  const move = MOVE_KEYS[key];
  if (by !== undefined) actions.step(by);
  else if (move) actions.openMove(move);
  else if (key === "/") actions.search();
  else if (key === "z") actions.undo();
  else if (key === "p") actions.pitch();
  else if (key === "n") actions.next();
  else if (key === "y") actions.proposal();
  else if (key === "?") actions.help();
  else return false;
  return true;
}

/** The keyboard of the control room. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const now = latest.current;
      const key = keyOf(event);
      if ((event.ctrlKey || event.metaKey) && key === "k") {
        event.preventDefault();
        now.palette();
        return;
      }
      if (!now.enabled || event.altKey || event.ctrlKey || event.metaKey) return;
      if (key === "Escape") {
        now.escape();
        if (inField(event.target)) (event.target as HTMLElement).blur();
        return;
      }
      if (inField(event.target)) return;
      if (act(key, now)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
