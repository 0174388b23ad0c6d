import { useQueryClient } from "@tanstack/react-query";
import { ApiError, call } from "../../api/client";
import type { ItemImportDocument } from "../../api/types";
import { useFile } from "../../ui/import/useFile";
import { usePreferences } from "../../ui/preferences";

const send = (chosen: File, query = "") =>
  call<ItemImportDocument>("POST", `/v1/imports/items${query}`, chosen);

/** A file of items: chosen, planned by the server, applied if the plan still stands. */
export function useImport() {
  const { t } = usePreferences();
  const client = useQueryClient();
  const found = useFile((chosen) => send(chosen));
  const { file, plan, setPlan, attempt } = found;

  function apply() {
    return attempt(async () => {
      if (!file || !plan) return;
      try {
        setPlan(await send(file, `?apply=true&plan=${plan.plan}`));
      } catch (cause) {
        if (!(cause instanceof ApiError && cause.is("changed_meanwhile"))) throw cause;
        setPlan(await send(file));
        throw new Error(t("import.meanwhile"));
      } finally {
        void client.invalidateQueries({ queryKey: ["skus"] });
      }
    });
  }

  return { ...found, apply };
}
