import { Button, Tooltip } from "antd";
import type { Row } from "../../feed/store";
import type { MoveKind } from "../../moves/move";
import { fixedChannels, reasonAgainst } from "../../moves/reasons";
import { usePreferences } from "../../ui/preferences";
import { useRoom } from "../room";
import { useCircumstances } from "./useCircumstances";

const BUTTONS: readonly [MoveKind, string][] = [
  ["give", "G"],
  ["recall", "R"],
  ["add", "A"],
  ["open_reserve", "O"],
  ["freeze", "F"],
];

/** Only where somebody fixed a right is there something to leave to the allocation again. */
const AUTO: [MoveKind, string] = ["auto", "U"];

/** The moves with their keys; one that cannot be made says why. */
export function MoveButtons({ row }: { row: Row }) {
  const { t } = usePreferences();
  const { items, openMove } = useRoom();
  const about = useCircumstances(row.item);
  const isFixed = fixedChannels(about).length > 0;
  const frozen = items.get(row.item.sku)?.frozen ?? false;
  return (
    <div className="move-buttons">
      {(isFixed ? [...BUTTONS, AUTO] : BUTTONS).map(([kind, key]) => {
        const reason = reasonAgainst(kind, about);
        const why = reason ? t(reason.key, reason.values) : "";
        const word = t(kind === "freeze" && frozen ? "move.unfreeze" : `move.${kind}`);
        return (
          <Tooltip key={kind} title={why}>
            {/* A button that is only marked as disabled can still be reached, and so say why. */}
            <Button
              aria-disabled={reason !== null}
              aria-description={why}
              className={reason ? "is-disabled" : ""}
              danger={kind === "freeze" && !frozen && !reason}
              onClick={() => reason === null && openMove(kind)}
              data-move={kind}
            >
              {word}
              <kbd>{key}</kbd>
            </Button>
          </Tooltip>
        );
      })}
    </div>
  );
}
