import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, callUntilAnswered } from "../../api/client";
import type { ItemUndoDocument } from "../../api/types";

/** An import on its way back: what undoing it would do now, and the undoing, which can be repeated safely. */
export function useUndo(id: string) {
  const client = useQueryClient();
  const path = `/v1/imports/items/${encodeURIComponent(id)}/undo`;
  const look = useQuery({
    queryKey: ["undo", id],
    queryFn: () => call<ItemUndoDocument>("POST", path),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const undo = useMutation({
    mutationFn: () => callUntilAnswered(() => call<ItemUndoDocument>("POST", `${path}?apply=true`)),
    onSettled: () => client.invalidateQueries({ queryKey: ["skus"] }),
  });
  return { look, undo };
}
