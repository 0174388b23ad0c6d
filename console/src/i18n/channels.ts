/** Words of the page Channels. */
export const channelsZh = {
  "nav.channels": "渠道",
} as const;

export const channelsEn: Record<keyof typeof channelsZh, string> = {
  "nav.channels": "Channels",
};
