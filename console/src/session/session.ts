import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { ApiError, call } from "../api/client";
import type { SessionDocument } from "../api/types";

export type RoleName = "viewer" | "integration" | "operator" | "administrator";

const RANK: Record<RoleName, number> = { viewer: 1, integration: 2, operator: 3, administrator: 4 };

/** Whether a role may do what another one may. */
export function mayAs(role: string, needed: RoleName): boolean {
  return (RANK[role as RoleName] ?? 0) >= RANK[needed];
}

/** Whether this key is the one that somebody came in with: the trail's name of a key's holder is `key:NAME`. */
export function isKeyOf(actor: string, name: string): boolean {
  return actor === `key:${name}`;
}

/** The one-time token behind the #; it is taken off the address so that no history keeps it. */
export function takeLink(location: Location, history: History): string | null {
  const link = new URLSearchParams(location.hash.slice(1)).get("link");
  if (link) history.replaceState(null, "", location.pathname + location.search);
  return link;
}

/** Come in by the link of the address, or by the cookie that is there already; null: ask for a key. */
async function enter(): Promise<SessionDocument | null> {
  const link = takeLink(window.location, window.history);
  if (link) {
    try {
      return await call<SessionDocument>("POST", "/v1/session", { link });
    } catch (error) {
      // A link that is used up may have been used by this very browser.
      if (!(error instanceof ApiError) || error.problem.status !== 401) throw error;
    }
  }
  const session = await call<SessionDocument>("GET", "/v1/session");
  return session.role === "none" ? null : session;
}

const KEY = ["session"];

export function useSession() {
  return useQuery({ queryKey: KEY, queryFn: enter, staleTime: Number.POSITIVE_INFINITY });
}

/** Coming and going. */
export function useDoor() {
  const client = useQueryClient();
  return {
    async comeIn(key: string): Promise<void> {
      client.setQueryData(KEY, await call<SessionDocument>("POST", "/v1/session", { key }));
    },
    async leave(): Promise<void> {
      await call("DELETE", "/v1/session").catch(() => undefined);
      client.setQueryData(KEY, null);
      // What the last one saw is not for the next one.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
    },
    /** Ask whether the cookie still opens anything. */
    async check(): Promise<void> {
      await client.invalidateQueries({ queryKey: KEY });
    },
  };
}

export const SessionContext = createContext<SessionDocument | null>(null);

/** Who is in; only below the door. */
export function useWho(): SessionDocument {
  const who = useContext(SessionContext);
  if (!who) throw new Error("nobody is in");
  return who;
}
