import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import type { SkuDocument } from "../../api/queries";
import type { RundownItemBody, ShowDocument } from "../../api/types";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { moved } from "../draft";
import { RundownRow } from "./RundownRow";
import type { Draft } from "./useDraft";

interface Props {
  show: ShowDocument;
  draft: Draft;
  catalog: ReadonlyMap<string, SkuDocument>;
  whyNot: string | null;
  /** The buttons of a line while the show is live. */
  acts: ((sku: string) => ReactNode) | undefined;
}

const HEADS = [
  "order",
  "item",
  "planned",
  "stock",
  "strategy",
  "reserve",
  "limits",
  "minutes",
  "script",
] as const;

/** The rundown 排品, edited in place; lines are moved by the mouse or by Alt and the arrows. */
export function Rundown({ show, draft, catalog, whyNot, acts }: Props) {
  const { t } = usePreferences();
  const [dragged, setDragged] = useState<number | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const { items } = draft;
  const states = new Map(show.items.map((item) => [item.sku, item]));

  function move(from: number, to: number, keepFocus: boolean) {
    if (to < 0 || to >= items.length || from === to) return;
    const sku = items[from]?.sku;
    draft.change(moved(items, from, to));
    if (!keepFocus || !sku) return;
    requestAnimationFrame(() =>
      body.current?.querySelector<HTMLElement>(`[data-sku="${CSS.escape(sku)}"] .rundown-grip`)?.focus(),
    );
  }

  function keys(event: KeyboardEvent, at: number) {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const grip = (event.target as HTMLElement).classList.contains("rundown-grip");
    if (by === 0 || whyNot !== null || !(event.altKey || grip)) return;
    event.preventDefault();
    move(at, at + by, true);
  }

  function set(at: number, part: Partial<RundownItemBody>) {
    const next = items.map((item, index) => (index === at ? { ...item, ...part } : item));
    draft.change(next, `${items[at]?.sku} ${Object.keys(part).join()}`);
  }

  if (items.length === 0) return <p className="shows-empty muted">{t("rundown.empty")}</p>;
  return (
    <Sheet label={t("rundown.label")}>
      <thead>
        <tr>
          {HEADS.map((head) => (
            <th key={head} className={head === "planned" ? "shows-number" : ""}>
              {t(`rundown.${head}`)}
            </th>
          ))}
          <th />
        </tr>
      </thead>
      <tbody ref={body} className="rundown">
        {items.map((item, at) => (
          <RundownRow
            key={item.sku}
            at={at}
            show={show}
            item={item}
            standing={states.get(item.sku)}
            known={catalog.get(item.sku)}
            whyNot={whyNot}
            dragged={dragged === at}
            set={(part) => set(at, part)}
            remove={() => draft.change(items.filter((each) => each.sku !== item.sku))}
            keys={(event) => keys(event, at)}
            drag={setDragged}
            drop={() => {
              if (dragged !== null) move(dragged, at, false);
              setDragged(null);
            }}
            acts={acts?.(item.sku)}
          />
        ))}
      </tbody>
    </Sheet>
  );
}
