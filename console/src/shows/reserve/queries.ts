import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client";
import type { ProposalDocument, ProposalPage } from "../../api/types";

const KEY = ["proposals"];
/** The feed tells of changes at once; this is for one that was missed. */
const AGAIN_MS = 15_000;

/** Proposals to open a reserve: all that wait, and the newest that were decided. */
export function useProposals() {
  return useQuery({
    queryKey: KEY,
    queryFn: async () => (await call<ProposalPage>("GET", "/v1/proposals")).items,
    refetchInterval: AGAIN_MS,
  });
}

/** Say yes or no to a proposal; said twice it is done once. */
export function useDecide() {
  const client = useQueryClient();
  return async (id: string, decision: "approve" | "reject") => {
    try {
      await call<ProposalDocument>("POST", `/v1/proposals/${encodeURIComponent(id)}/${decision}`);
    } finally {
      await client.invalidateQueries({ queryKey: KEY });
      void client.invalidateQueries({ queryKey: ["shows"] });
    }
  };
}
