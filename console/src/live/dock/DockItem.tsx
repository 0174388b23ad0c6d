import { lazy, Suspense } from "react";
import { Link } from "wouter";
import type { Row } from "../../feed/store";
import { units } from "../../i18n/format";
import { movesUnits } from "../../moves/move";
import { usePreferences } from "../../ui/preferences";
import { NoChart } from "../chart/NoChart";
import { LastDecision } from "../decision/LastDecision";
import { useRoom } from "../room";
import { AutoForm } from "./AutoForm";
import { MoveButtons } from "./MoveButtons";
import { MoveForm } from "./MoveForm";
import { SwitchForm } from "./SwitchForm";

// The chart library is larger than the rest of the page: it comes when the page stands.
// If it cannot be had, because the server is away just now, the page does without.
const PaceChart = lazy(() => import("../chart/PaceChart").catch(() => ({ default: NoChart })));

/** The chosen item: its numbers, its past, and the moves. */
export function DockItem({ row }: { row: Row }) {
  const { t } = usePreferences();
  const { items, move } = useRoom();
  const { item } = row;
  return (
    <>
      <div className="dock-item">
        <h2>{items.get(item.sku)?.name ?? item.sku}</h2>
        <p className="muted num">
          {item.sku} <Link href={`/console/ledger?sku=${encodeURIComponent(item.sku)}`}>{t("dock.why")}</Link>
        </p>
        <p className={`dock-available num level-${row.level}`}>
          {units(item.available)}
          <small>{t("table.available")}</small>
        </p>
        <LastDecision sku={item.sku} />
      </div>
      <div className="dock-chart">
        <small className="muted">{t("dock.chart")}</small>
        <Suspense fallback={null}>
          <PaceChart key={item.sku} sku={item.sku} />
        </Suspense>
      </div>
      <div className="dock-moves">
        {move === null ? (
          <MoveButtons row={row} />
        ) : movesUnits(move) ? (
          <MoveForm key={`${item.sku} ${move}`} row={row} kind={move} />
        ) : move === "auto" ? (
          <AutoForm key={item.sku} item={item} />
        ) : (
          <SwitchForm key={item.sku} sku={item.sku} />
        )}
      </div>
    </>
  );
}
