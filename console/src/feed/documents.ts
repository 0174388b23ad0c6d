/** What the console has read that a changed document makes old; kinds that no page shows are not in here. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  // A show brings purchase limits to its items and takes them away again.
  show: ["shows", "skus"],
  drop: ["drops"],
  gate: ["gates"],
  "buyer-list": ["buyer-lists"],
  // An item that reached its exposure was frozen.
  exposure: ["skus"],
  proposal: ["proposals"],
  warning: ["warnings"],
  warning_lines: ["warning-lines", "warnings"],
  destination: ["destinations"],
};

/** The first words of the queries to read again after a document of this kind changed; null: after a break. */
export function queriesOf(kind: string | null): readonly string[] {
  if (kind !== null) return QUERIES[kind] ?? [];
  return [...new Set(Object.values(QUERIES).flat())];
}
