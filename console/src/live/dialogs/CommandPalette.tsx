import { Input, type InputRef, Modal } from "antd";
import { type KeyboardEvent, type RefObject, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { PAGES } from "../../frame/pages";
import type { MoveKind } from "../../moves/move";
import { comingOf } from "../../shows/run";
import { usePreferences } from "../../ui/preferences";
import { useLive, useOrder } from "../context";
import { useRoom } from "../room";
import { type Command, matching } from "./commands";

const MOVES: readonly [MoveKind, string][] = [
  ["give", "G"],
  ["recall", "R"],
  ["add", "A"],
  ["open_reserve", "O"],
  ["freeze", "F"],
];

/** Everything by its name: moves on the chosen item, items, choices. */
export function CommandPalette({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = usePreferences();
  const field = useRef<InputRef>(null);
  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      closable={false}
      title={t("app.commands")}
      width={520}
      destroyOnHidden
      afterOpenChange={(now) => now && field.current?.focus()}
    >
      <Choice onClose={onClose} field={field} />
    </Modal>
  );
}

function Choice({ onClose, field }: { onClose(): void; field: RefObject<InputRef | null> }) {
  const { t } = usePreferences();
  const commands = useCommands();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => matching(commands, typed), [commands, typed]);

  function run(command: Command | undefined) {
    if (!command) return;
    onClose();
    command.run();
  }

  function key(event: KeyboardEvent) {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by) {
      event.preventDefault();
      setAt((now) => Math.max(0, Math.min(found.length - 1, now + by)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[at]);
    }
  }

  return (
    <>
      <Input
        ref={field}
        autoFocus
        value={typed}
        placeholder={t("palette.placeholder")}
        role="combobox"
        aria-label={t("palette.placeholder")}
        aria-expanded={found.length > 0}
        aria-controls="palette"
        aria-activedescendant={found[at] ? `command-${at}` : undefined}
        onKeyDown={key}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
      />
      {/* The choice is moved by the field's arrows; the mouse may take one, too. */}
      <div id="palette" role="listbox" aria-label={t("app.commands")} className="palette">
        {found.length === 0 && <p className="muted">{t("palette.nothing")}</p>}
        {found.map((command, index) => (
          <div
            key={command.id}
            id={`command-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onMouseDown={() => run(command)}
          >
            {command.word} <small className="muted">{command.hint}</small>
          </div>
        ))}
      </div>
    </>
  );
}

function useCommands(): Command[] {
  const { t, switchLanguage, switchTheme } = usePreferences();
  const { items, selected, select, pitch, openMove, show, steps } = useRoom();
  const [, navigate] = useLocation();
  const { desk } = useLive();
  const order = useOrder();
  return useMemo(() => {
    const name = (sku: string) => items.get(sku)?.name ?? sku;
    const undoable = desk.undoable();
    return [
      ...(selected === null
        ? []
        : MOVES.map(([kind, key]) => ({
            id: kind,
            word: `${t(`move.${kind}`)} · ${name(selected)}`,
            hint: key,
            run: () => openMove(kind),
          }))),
      ...(undoable
        ? [{ id: "undo", word: t("move.undo"), hint: "Z", run: () => void desk.undo(undoable.id) }]
        : []),
      ...(selected === null
        ? []
        : [
            {
              id: "pitch",
              word: `${t("palette.pitch")} · ${name(selected)}`,
              hint: "P",
              run: () => pitch(selected),
            },
          ]),
      ...(show && steps.why.next === null
        ? [
            {
              id: "next",
              word: `${t("show.next")} · ${name(comingOf(show)?.sku ?? "")}`,
              hint: "N",
              run: () => steps.run("next"),
            },
          ]
        : []),
      ...(show
        ? [
            {
              id: "show",
              word: `${t("show.go")} · ${show.name}`,
              hint: "",
              run: () => navigate(`/console/shows/${show.id}`),
            },
          ]
        : []),
      ...PAGES.filter((entry) => entry.page).map((entry) => ({
        id: entry.path,
        word: t("palette.page", { page: t(entry.word) }),
        hint: "",
        run: () => navigate(entry.path),
      })),
      { id: "language", word: t("palette.language"), hint: "", run: switchLanguage },
      { id: "theme", word: t("palette.theme"), hint: "", run: switchTheme },
      ...order.map((sku) => ({
        id: `sku ${sku}`,
        word: t("palette.go", { item: name(sku) }),
        hint: sku,
        run: () => select(sku),
      })),
    ];
  }, [
    t,
    switchLanguage,
    switchTheme,
    items,
    selected,
    select,
    pitch,
    navigate,
    openMove,
    show,
    steps,
    desk,
    order,
  ]);
}
