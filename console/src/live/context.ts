import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import type { Line } from "../feed/connection";
import type { Row } from "../feed/store";
import type { Entry } from "../moves/desk";
import type { LiveModel } from "./model";

export const LiveContext = createContext<LiveModel | null>(null);

export function useLive(): LiveModel {
  const model = useContext(LiveContext);
  if (!model) throw new Error("no live model around this part");
  return model;
}

/** One line's newest state; only this line is drawn again when it changes. */
export function useRow(sku: string): Row | undefined {
  const { store } = useLive();
  const watch = useCallback((listener: () => void) => store.watch(sku, listener), [store, sku]);
  return useSyncExternalStore(watch, () => store.row(sku));
}

export function useOrder(): readonly string[] {
  const { store } = useLive();
  const watch = useCallback((listener: () => void) => store.watchOrder(listener), [store]);
  return useSyncExternalStore(watch, () => store.skus());
}

export function useLine(): Line {
  const model = useLive();
  const watch = useCallback((listener: () => void) => model.watchLine(listener), [model]);
  return useSyncExternalStore(watch, () => model.line);
}

export function useLoaded(): boolean {
  const model = useLive();
  const watch = useCallback((listener: () => void) => model.watchLine(listener), [model]);
  return useSyncExternalStore(watch, () => model.loaded);
}

export function useEntries(): readonly Entry[] {
  const { desk } = useLive();
  const watch = useCallback((listener: () => void) => desk.watch(listener), [desk]);
  return useSyncExternalStore(watch, () => desk.recent());
}
