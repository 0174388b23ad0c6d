import { usePreferences } from "../../ui/preferences";
import { useRow } from "../context";
import { useRoom } from "../room";
import { DockItem } from "./DockItem";
import { RecentMoves } from "./RecentMoves";

/** The desk at the foot: the chosen item, its moves, and what was done last. */
export function Dock() {
  const { t } = usePreferences();
  const { selected } = useRoom();
  const row = useRow(selected ?? "");
  return (
    <section className="dock" aria-label={t("dock.label")}>
      {row ? <DockItem row={row} /> : <p className="dock-none muted">{t("dock.none")}</p>}
      <RecentMoves />
    </section>
  );
}
