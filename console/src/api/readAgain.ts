import type { QueryClient } from "@tanstack/react-query";

/**
 * Have what stands under a name be read again.
 *
 * A query's very first read is not begun anew when it is invalidated, and it may have begun before the change:
 * such a one is read once more behind it.
 */
export async function readAgain(client: QueryClient, name: string): Promise<void> {
  const first = { queryKey: [name], predicate: ({ state }: { state: { data: unknown } }) => !state.data };
  const underWay = client.isFetching(first) > 0;
  await client.invalidateQueries({ queryKey: [name] });
  if (underWay) await client.invalidateQueries({ queryKey: [name] });
}
