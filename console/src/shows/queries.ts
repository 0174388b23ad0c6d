import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call, callUntilAnswered, newId } from "../api/client";
import type { PreflightDocument, ShowBody, ShowDocument, ShowPage } from "../api/types";

const KEY = ["shows"];
/** The feed tells of changes at once; this is for a change that was missed. */
const AGAIN_MS = 15_000;

export const showPath = (id: string) => `/v1/shows/${encodeURIComponent(id)}`;

/** All shows in the order of their start. */
export function useShows() {
  return useQuery({
    queryKey: KEY,
    queryFn: async () => (await call<ShowPage>("GET", "/v1/shows")).items,
    refetchInterval: AGAIN_MS,
  });
}

/** The show that is on air, the one that started last if there are several; undefined when there is none. */
export function useLiveShow(): ShowDocument | undefined {
  return useShows()
    .data?.filter((show) => show.status === "live")
    .sort((a, b) => (a.started_at ?? "").localeCompare(b.started_at ?? ""))
    .at(-1);
}

export type StepName = "start" | "next" | "spotlight" | "push" | "skip" | "undo" | "end";

/** Writes of shows; each shows at once wherever shows are seen. */
export function useShowWrites() {
  const client = useQueryClient();
  const seen = (show: ShowDocument) => {
    client.setQueryData<ShowDocument[]>(KEY, (shows) => {
      if (!shows) return shows;
      const known = shows.find((each) => each.id === show.id);
      if (known && known.revision > show.revision) return shows;
      return known ? shows.map((each) => (each.id === show.id ? show : each)) : [...shows, show];
    });
    void client.invalidateQueries({ queryKey: KEY });
    return show;
  };
  return {
    async put(id: string, body: ShowBody): Promise<ShowDocument> {
      return seen(await call<ShowDocument>("PUT", showPath(id), body));
    },
    async remove(id: string): Promise<void> {
      await call("DELETE", showPath(id));
      client.setQueryData<ShowDocument[]>(KEY, (shows) => shows?.filter((each) => each.id !== id));
    },
    preflight: (id: string) => call<PreflightDocument>("POST", `${showPath(id)}/preflight`),
    /** A step carries an id: asked again after a lost answer it is done once. */
    async step(id: string, name: StepName, more: object = {}): Promise<ShowDocument> {
      const body = { id: newId(name), ...more };
      return seen(await callUntilAnswered(() => call<ShowDocument>("POST", `${showPath(id)}/${name}`, body)));
    },
  };
}
