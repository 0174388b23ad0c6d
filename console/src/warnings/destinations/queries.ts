import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client";
import type { DestinationBody, DestinationDocument, DestinationPage, TestDocument } from "../../api/types";

const KEY = ["destinations"];
/** The feed tells of what was sent and changed; what waits moves without it. */
const AGAIN_MS = 5_000;

const path = (id: string) => `/v1/destinations/${encodeURIComponent(id)}`;

/** The destinations, and how each delivery stands. */
export function useDestinations() {
  return useQuery({
    queryKey: KEY,
    queryFn: async () => (await call<DestinationPage>("GET", "/v1/destinations")).items,
    refetchInterval: AGAIN_MS,
  });
}

/** Writes of destinations; the list is read again behind each. */
export function useDestinationWrites() {
  const client = useQueryClient();
  const after = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } finally {
      await client.invalidateQueries({ queryKey: KEY });
    }
  };
  return {
    put: (id: string, body: DestinationBody) => after(call<DestinationDocument>("PUT", path(id), body)),
    remove: (id: string) => after(call("DELETE", path(id))),
    test: (id: string) => after(call<TestDocument>("POST", `${path(id)}/test`)),
  };
}
