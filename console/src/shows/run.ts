import type { RundownItemDocument, ShowDocument } from "../api/types";

/** The item that comes after the one on air. */
export function comingOf(show: ShowDocument): RundownItemDocument | undefined {
  return show.items.find((item) => item.state === "waiting");
}
