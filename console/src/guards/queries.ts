import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client";
import type {
  GatePage,
  ListChangeDocument,
  ListDocument,
  ListedSubject,
  RefusalPage,
  ReviewDocument,
  ReviewPage,
  TicketsBody,
  TicketsDocument,
} from "../api/types";

/** The feed tells of lists and gates; what waits for a person and what was used it does not. */
const AGAIN_MS = 5_000;
const PAGE = 50;

export const REVIEW_STATES = ["open", "accepted", "rejected"] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];
export type ListName = "block" | "allow";

/** Reviews that stand so, the newest first, page by page. */
export function useReviews(state: ReviewState) {
  return useInfiniteQuery({
    queryKey: ["reviews", state],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      call<ReviewPage>(
        "GET",
        `/v1/reviews?state=${state}&limit=${PAGE}${pageParam && `&before=${pageParam}`}`,
      ),
    getNextPageParam: (page) => page.next,
    refetchInterval: AGAIN_MS,
  });
}

export interface RefusalsWanted {
  by: string;
  text: string;
  code: string;
}

/** Refused holds that fit, page by page; never by itself, since the server goes through all of them. */
export function useRefusals({ by, text, code }: RefusalsWanted) {
  return useInfiniteQuery({
    queryKey: ["refusals", by, text, code],
    initialPageParam: "",
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({ limit: String(PAGE) });
      if (text) query.set(by, text);
      if (code) query.set("code", code);
      if (pageParam) query.set("before", pageParam);
      return call<RefusalPage>("GET", `/v1/refusals?${query}`);
    },
    getNextPageParam: (page) => page.next,
    refetchOnWindowFocus: false,
  });
}

/** Who and what stands on a list. */
export function useList(name: ListName) {
  return useQuery({
    queryKey: ["buyer-lists", name],
    queryFn: async () => (await call<ListDocument>("GET", `/v1/buyers/lists/${name}`)).items,
  });
}

/** The gates with their tickets issued and used. */
export function useGates() {
  return useQuery({
    queryKey: ["gates"],
    queryFn: async () => (await call<GatePage>("GET", "/v1/gates")).items,
    refetchInterval: AGAIN_MS,
  });
}

/** Writes of this page; what they change is read again behind each. */
export function useGuardWrites() {
  const client = useQueryClient();
  const after = async <T>(key: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } finally {
      await client.invalidateQueries({ queryKey: [key] });
    }
  };
  return {
    decide: (id: string, verdict: "accept" | "reject", reason: string) =>
      after(
        "reviews",
        call<ReviewDocument>("POST", `/v1/reviews/${encodeURIComponent(id)}/${verdict}`, { reason }),
      ),
    list: (name: ListName, entries: ListedSubject[], reason: string, listed: boolean) =>
      after(
        "buyer-lists",
        call<ListChangeDocument>("POST", `/v1/buyers/lists/${name}`, { entries, reason, listed }),
      ),
    issue: (body: TicketsBody) => after("gates", call<TicketsDocument>("POST", "/v1/tickets", body)),
  };
}
