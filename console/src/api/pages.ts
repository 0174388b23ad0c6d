import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";

export const PAGE = 100;

/** A list page by page, the newest first; each page says where the next begins. */
export function usePages<P extends { next: string | null }>(
  queryKey: QueryKey,
  read: (before: string) => Promise<P>,
) {
  return useInfiniteQuery({
    queryKey,
    initialPageParam: "",
    queryFn: ({ pageParam }) => read(pageParam),
    getNextPageParam: (page) => page.next,
  });
}

/** What a page is asked for with; an empty value narrows nothing. */
export function pageQuery(before: string, wanted: Readonly<Record<string, string>>, limit = PAGE): string {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries({ ...wanted, before })) if (value) query.set(name, value);
  return String(query);
}
