/** Words of the page Settings. */
export const settingsZh = {
  "nav.settings": "设置",
} as const;

export const settingsEn: Record<keyof typeof settingsZh, string> = {
  "nav.settings": "Settings",
};
