import type { ItemState, RundownItemBody } from "../../api/types";
import { usePreferences } from "../../ui/preferences";

interface Props {
  at: number;
  name: string;
  item: RundownItemBody;
  variant: string;
  state: ItemState | undefined;
  pushedIn: boolean;
  movable: boolean;
  drag(at: number | null): void;
}

/** The place of an item, by which it is dragged, and its name. */
export function RowHead({ at, name, item, variant, state, pushedIn, movable, drag }: Props) {
  const { t } = usePreferences();
  return (
    <>
      <td>
        <button
          type="button"
          className="rundown-grip num"
          draggable={movable}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          aria-label={t("rundown.move", { n: at + 1, item: name })}
          onDragStart={(event) => {
            event.dataTransfer.setData("text/plain", item.sku);
            drag(at);
          }}
          onDragEnd={() => drag(null)}
        >
          <span aria-hidden="true">⠿</span> {at + 1}
        </button>
      </td>
      <th scope="row" className="rundown-name">
        <b>{name}</b>
        <small className="muted num">
          {item.sku} {variant}
          {state && <em className="rundown-state"> · {t(`rundown.state.${state}`)}</em>}
          {pushedIn && ` · ${t("rundown.pushed")}`}
        </small>
      </th>
    </>
  );
}
