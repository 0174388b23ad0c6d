import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { MessageKey } from "../i18n/translate";

export interface PageEntry {
  path: string;
  word: MessageKey;
  /** An outline on 24 × 24. */
  icon: string;
  /** Missing: the page is another window with an entrance of its own. */
  page?: LazyExoticComponent<ComponentType>;
  /** The pattern of its addresses, where it has more than its path. */
  route?: string;
}

/** The pages there are, in the order of the navigation; a page that is built is one line more. */
export const PAGES: readonly PageEntry[] = [
  {
    path: "/console/",
    word: "nav.live",
    icon: "M3 12h4l3-8 4 16 3-8h4",
    page: lazy(() => import("../live/LiveRoom")),
  },
  {
    path: "/console/shows",
    route: "/console/shows/:id?",
    word: "nav.shows",
    icon: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M10 13l4 2-4 2z",
    page: lazy(() => import("../shows/ShowsPage")),
  },
  { path: "/host", word: "nav.host", icon: "M3 5h18v11H3zM9 20h6M12 16v4" },
  {
    path: "/console/items",
    word: "nav.items",
    icon: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
    page: lazy(() => import("../items/ItemsPage")),
  },
  {
    path: "/console/channels",
    word: "nav.channels",
    icon: "M6 6a2 2 0 1 0 .1 0M18 6a2 2 0 1 0 .1 0M12 18a2 2 0 1 0 .1 0M7 9l4 8M17 9l-4 8M8 7h8",
    page: lazy(() => import("../channels/ChannelsPage")),
  },
  {
    path: "/console/warnings",
    word: "nav.warnings",
    icon: "M12 4a6 6 0 0 1 6 6v4l2 3H4l2-3v-4a6 6 0 0 1 6-6M10 20h4",
    page: lazy(() => import("../warnings/WarningsPage")),
  },
  {
    path: "/console/drops",
    word: "nav.drops",
    icon: "M12 4v10M8 10l4 4 4-4M5 17h14M5 20h14",
    page: lazy(() => import("../drops/DropsPage")),
  },
  {
    path: "/console/guards",
    word: "nav.guards",
    icon: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM8 12l3 3 5-6",
    page: lazy(() => import("../guards/GuardsPage")),
  },
  {
    path: "/console/ledger",
    word: "nav.ledger",
    icon: "M5 4h14v16H5zM8 9h8M8 13h8M8 17h5",
    page: lazy(() => import("../ledger/LedgerPage")),
  },
  {
    path: "/console/settings",
    word: "nav.settings",
    icon: "M4 7h10M18 7h2M4 17h2M10 17h10M14 5v4M8 15v4",
    page: lazy(() => import("../settings/SettingsPage")),
  },
];
