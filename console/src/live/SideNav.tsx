import { usePreferences } from "../ui/preferences";
import { useRoom } from "./room";

const PAGES = [
  { path: "/console/", word: "nav.live", icon: "M3 12h4l3-8 4 16 3-8h4" },
  { path: "/host", word: "nav.host", icon: "M3 5h18v11H3zM9 20h6M12 16v4" },
] as const;

/** The pages there are; a page that is built is one line in the list. */
export function SideNav() {
  const { t } = usePreferences();
  const { selected } = useRoom();
  return (
    <nav className="side" aria-label={t("nav.label")}>
      <img src="/console/favicon.svg" alt={t("app.name")} width={28} height={28} />
      {PAGES.map((page) => (
        <a
          key={page.path}
          // The host's screen is another window, opened on the item that is chosen here.
          href={
            page.word === "nav.host" && selected
              ? `${page.path}?sku=${encodeURIComponent(selected)}`
              : page.path
          }
          target={page.word === "nav.host" ? "holdfast-host" : undefined}
          aria-current={page.word === "nav.live" ? "page" : undefined}
          className="side-link"
        >
          <svg viewBox="0 0 24 24" width={20} height={20} aria-hidden="true">
            <path d={page.icon} fill="none" stroke="currentColor" strokeWidth={2} strokeLinejoin="round" />
          </svg>
          {t(page.word)}
        </a>
      ))}
    </nav>
  );
}
