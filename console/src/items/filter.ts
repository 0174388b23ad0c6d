import type { SkuDocument } from "../api/types";

export const FILTERS = ["all", "frozen", "limited", "windowed", "bundle"] as const;
export type Filter = (typeof FILTERS)[number];

const PASSES: Record<Filter, (item: SkuDocument) => boolean> = {
  all: () => true,
  frozen: (item) => item.frozen,
  limited: (item) => item.limits !== null,
  windowed: (item) => item.sale_opens_at !== null || item.sale_closes_at !== null,
  bundle: (item) => item.components.length > 0,
};

/** The items in which every word typed is found, in code, name or variant. */
export function matching(items: Iterable<SkuDocument>, query: string, filter: Filter): SkuDocument[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found: SkuDocument[] = [];
  for (const item of items) {
    if (!PASSES[filter](item)) continue;
    const text = `${item.sku} ${item.name} ${item.variant}`.toLowerCase();
    if (words.every((word) => text.includes(word))) found.push(item);
  }
  return found;
}
