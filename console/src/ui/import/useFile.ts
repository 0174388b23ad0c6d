import { useState } from "react";
import { usePreferences } from "../preferences";

const BYTES_MAX = 1024 * 1024;

/** A file on its way in: chosen, and planned by the server, which changes nothing by that. */
export function useFile<Plan>(send: (chosen: File) => Promise<Plan>) {
  const { t } = usePreferences();
  const [file, setFile] = useState<File | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);

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

  function forget() {
    setFile(null);
    setPlan(null);
    setTrouble(null);
  }

  return { file, plan, setPlan, busy, trouble, attempt, choose, forget };
}
