import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client";
import type { DropBody, DropDocument, DropPage } from "../api/types";

/** The feed tells of every change; this is for what it missed. */
const AGAIN_MS = 15_000;
export const STEPS = ["lock", "open", "close", "cancel"] as const;
export type Step = (typeof STEPS)[number];

export interface Drops {
  items: DropDocument[];
  /** The server's clock less this one, in milliseconds. */
  aheadMs: number;
}

/** All drops, the first to open first. */
export function useDrops() {
  return useQuery({
    queryKey: ["drops"],
    queryFn: async (): Promise<Drops> => {
      const { items } = await call<DropPage>("GET", "/v1/drops");
      const [first] = items;
      return { items, aheadMs: first ? Date.parse(first.server_time) - Date.now() : 0 };
    },
    refetchInterval: AGAIN_MS,
  });
}

const path = (drop: string) => `/v1/drops/${encodeURIComponent(drop)}`;

/** Writes of drops; the list is read again behind each. */
export function useDropWrites() {
  const client = useQueryClient();
  const after = async (work: Promise<DropDocument>) => {
    try {
      return await work;
    } finally {
      await client.invalidateQueries({ queryKey: ["drops"] });
    }
  };
  return {
    plan: (drop: string, body: DropBody) => after(call<DropDocument>("PUT", path(drop), body)),
    step: (drop: string, step: Step) => after(call<DropDocument>("POST", `${path(drop)}/${step}`)),
    postpone: (drop: string, opensAt: string) =>
      after(call<DropDocument>("POST", `${path(drop)}/postpone`, { opens_at: opensAt })),
  };
}
