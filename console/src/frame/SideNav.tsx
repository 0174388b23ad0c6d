import { Link, useLocation } from "wouter";
import { usePreferences } from "../ui/preferences";
import { PAGES } from "./pages";

/** The way to every page; the host's screen opens in a window of its own, on the item chosen here. */
export function SideNav({ selected = null }: { selected?: string | null }) {
  const { t } = usePreferences();
  const [path] = useLocation();
  return (
    <nav className="side" aria-label={t("nav.label")}>
      <img src="/console/favicon.svg" alt={t("app.name")} width={28} height={28} />
      {PAGES.map((entry) => {
        const inside = (
          <>
            <svg viewBox="0 0 24 24" width={20} height={20} aria-hidden="true">
              <path d={entry.icon} fill="none" stroke="currentColor" strokeWidth={2} strokeLinejoin="round" />
            </svg>
            {t(entry.word)}
          </>
        );
        if (entry.page) {
          return (
            <Link
              key={entry.path}
              href={entry.path}
              className="side-link"
              aria-current={path === entry.path || path.startsWith(`${entry.path}/`) ? "page" : undefined}
            >
              {inside}
            </Link>
          );
        }
        const item = selected ? `?sku=${encodeURIComponent(selected)}` : "";
        return (
          <a key={entry.path} href={`${entry.path}${item}`} target="holdfast-host" className="side-link">
            {inside}
          </a>
        );
      })}
    </nav>
  );
}
