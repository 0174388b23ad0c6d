import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { useChannels, useItems, useSync } from "../api/queries";
import { SideNav } from "../frame/SideNav";
import type { MoveKind } from "../moves/move";
import { useSteps } from "../shows/live/useSteps";
import { useLiveShow } from "../shows/queries";
import { reachApproval } from "../shows/reserve/keys";
import { useWhyNot } from "../ui/may";
import { usePreferences } from "../ui/preferences";
import { useLive, useOrder } from "./context";
import { CommandPalette } from "./dialogs/CommandPalette";
import { HelpDialog } from "./dialogs/HelpDialog";
import { Dock } from "./dock/Dock";
import { ShowStrip } from "./dock/ShowStrip";
import { useKeys } from "./keys";
import { RoomContext } from "./room";
import { Strip } from "./strip/Strip";
import { StockTable } from "./table/StockTable";

/** The item being pitched stands in the address, so that a reload or a colleague has it too. */
const PITCHED = "pitch";

type Dialog = "none" | "help" | "palette";

/** The control room: strip, lines, desk. */
export default function LiveRoom() {
  const { t } = usePreferences();
  const model = useLive();
  const order = useOrder();
  const items = useItems();
  const channels = useChannels();
  const sync = useSync();
  const [selected, select] = useState<string | null>(null);
  const [query, setQuery] = useState("");
  const [move, setMove] = useState<MoveKind | null>(null);
  const [address, setAddress] = useSearchParams();
  const show = useLiveShow();
  const steps = useSteps(show, useWhyNot("operator"));
  // Nobody has to say what the show says already.
  const chosen = address.get(PITCHED);
  const pitched = chosen ?? show?.current ?? null;
  const [dialog, setDialog] = useState<Dialog>("none");
  const search = useRef<HTMLInputElement>(null);

  const shown = useMemo(() => {
    const words = query.trim().toLowerCase();
    const first = pitched !== null && order.includes(pitched) ? [pitched] : [];
    const all = first.length ? [...first, ...order.filter((sku) => sku !== pitched)] : order;
    if (!words) return all;
    return all.filter((sku) => `${sku} ${items.data?.get(sku)?.name ?? ""}`.toLowerCase().includes(words));
  }, [order, pitched, query, items.data]);

  useEffect(() => {
    // Bundles have no stock of their own.
    const counted = [...(items.data?.values() ?? [])].filter((item) => item.components.length === 0);
    if (model.loaded) model.know(counted.map((item) => item.sku));
  }, [model, items.data]);

  const openMove = useCallback(
    (kind: MoveKind | null) => {
      model.held = kind !== null;
      setMove(kind);
    },
    [model],
  );

  const pitch = useCallback(
    (sku: string) => setAddress(chosen === sku ? {} : { [PITCHED]: sku }, { replace: true }),
    [chosen, setAddress],
  );

  const step = useCallback(
    (by: number) => {
      const at = selected === null ? -1 : shown.indexOf(selected);
      const to = Math.max(0, Math.min(shown.length - 1, at + by));
      select(shown[to] ?? null);
    },
    [shown, selected],
  );

  useKeys({
    enabled: dialog === "none",
    step,
    search: () => search.current?.focus(),
    openMove,
    undo: () => {
      const entry = model.desk.undoable();
      if (entry) void model.desk.undo(entry.id);
    },
    pitch: () => selected !== null && pitch(selected),
    next: () => steps.why.next === null && show !== undefined && steps.run("next"),
    proposal: reachApproval,
    help: () => setDialog("help"),
    palette: () => setDialog("palette"),
    escape: () => {
      openMove(null);
      setQuery("");
    },
    moving: move !== null,
  });

  const room = useMemo(
    () => ({
      selected,
      pitched,
      pitch,
      select: (sku: string) => {
        openMove(null);
        select(sku);
      },
      items: items.data ?? new Map(),
      channels: channels.data ?? [],
      sync,
      move,
      openMove,
      show,
      steps,
    }),
    [selected, pitched, pitch, items.data, channels.data, sync, move, openMove, show, steps],
  );

  return (
    <RoomContext.Provider value={room}>
      <div className={show ? "room has-show" : "room"}>
        <SideNav selected={pitched ?? selected} />
        <Strip query={query} onQuery={setQuery} search={search} onDialog={setDialog} />
        <main aria-label={t("app.title")} className="room-main">
          <StockTable
            shown={shown}
            query={query}
            waiting={channels.isPending}
            trouble={items.error ?? channels.error}
          />
        </main>
        {show && <ShowStrip show={show} steps={steps} />}
        <Dock />
      </div>
      <HelpDialog open={dialog === "help"} onClose={() => setDialog("none")} />
      <CommandPalette open={dialog === "palette"} onClose={() => setDialog("none")} />
    </RoomContext.Provider>
  );
}
