/** Words of the page Ledger. */
export const ledgerZh = {
  "nav.ledger": "流水",
} as const;

export const ledgerEn: Record<keyof typeof ledgerZh, string> = {
  "nav.ledger": "Ledger",
};
