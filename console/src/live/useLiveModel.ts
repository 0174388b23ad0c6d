import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import type { SkuDocument } from "../api/queries";
import { readAgain } from "../api/readAgain";
import { queriesOf } from "../feed/documents";
import type { Move } from "../moves/move";
import { useDoor } from "../session/session";
import { LiveModel } from "./model";

/** The feed and all that hangs on it, for as long as a page is open. */
export function useLiveModel(): LiveModel {
  const client = useQueryClient();
  const door = useDoor();
  const checkDoor = useRef(door.check);
  checkDoor.current = door.check;
  const model = useMemo(
    () =>
      new LiveModel(
        (move) => {
          showFrozen(client, move);
          void client.invalidateQueries({ queryKey: ["skus"] });
          if (move.steering) void client.invalidateQueries({ queryKey: ["sync"] });
        },
        // A feed that is refused looks like one that is cut off: the session tells which it is.
        () => void checkDoor.current(),
        (kind) => {
          for (const name of queriesOf(kind)) void readAgain(client, name);
        },
      ),
    [client],
  );
  useEffect(() => model.start(), [model]);
  return model;
}

function showFrozen(client: ReturnType<typeof useQueryClient>, move: Move): void {
  if (move.kind !== "freeze" && move.kind !== "unfreeze") return;
  client.setQueryData<Map<string, SkuDocument>>(["skus"], (items) => {
    const item = items?.get(move.sku);
    if (!items || !item) return items;
    return new Map(items).set(move.sku, { ...item, frozen: move.kind === "freeze" });
  });
}
