import { type RefObject, useEffect, useRef } from "react";

interface Focusable {
  focus(): void;
  select?(): void;
}

/** Gives the keyboard to a field once it is there, with what is in it chosen: a digit replaces it. */
export function useFocus<T extends Focusable>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    ref.current?.focus();
    ref.current?.select?.();
  }, []);
  return ref;
}
