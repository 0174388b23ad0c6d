/** Words of the page Items. */
export const itemsZh = {
  "nav.items": "商品",
} as const;

export const itemsEn: Record<keyof typeof itemsZh, string> = {
  "nav.items": "Items",
};
