import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, call } from "../../api/client";
import type { ItemImportDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";

const BYTES_MAX = 1024 * 1024;

/** A file on its way in: chosen, planned by the server, applied if the plan still stands. `applied` is told of that. */
export function useImport(applied: (plan: ItemImportDocument) => void) {
  const { t } = usePreferences();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [plan, setPlan] = useState<ItemImportDocument | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);

  const send = (chosen: File, query = "") =>
    call<ItemImportDocument>("POST", `/v1/imports/items${query}`, chosen);

  async function attempt(run: () => Promise<void>) {
    setBusy(true);
    setTrouble(null);
    try {
      await run();
    } catch (cause) {
      setTrouble(cause);
    }
    setBusy(false);
  }

  function choose(chosen: File) {
    setFile(chosen);
    setPlan(null);
    return attempt(async () => {
      if (chosen.size > BYTES_MAX) throw new Error(t("import.too_large"));
      setPlan(await send(chosen));
    });
  }

  function apply() {
    return attempt(async () => {
      if (!file || !plan) return;
      try {
        const done = await send(file, `?apply=true&plan=${plan.plan}`);
        setPlan(done);
        applied(done);
      } catch (cause) {
        if (!(cause instanceof ApiError && cause.is("changed_meanwhile"))) throw cause;
        setPlan(await send(file));
        throw new Error(t("import.meanwhile"));
      } finally {
        void client.invalidateQueries({ queryKey: ["skus"] });
      }
    });
  }

  function forget() {
    setFile(null);
    setPlan(null);
    setTrouble(null);
  }

  return { file, plan, busy, trouble, choose, apply, forget };
}
