import { useState } from "react";
import { usePreferences } from "../preferences";

const BYTES_MAX = 1024 * 1024;

type Query = Record<string, string>;

/** A file on its way in: chosen, and planned by the server, which changes nothing by that. */
export function useFile<Plan>(send: (chosen: File, query: Query) => Promise<Plan>) {
  const { t } = usePreferences();
  const [file, setFile] = useState<File | null>(null);
  const [asked, setAsked] = useState<Query>({});
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

  /** Have a file planned; `query` is sent with it. */
  function choose(chosen: File, query: Query = {}) {
    setFile(chosen);
    setAsked(query);
    setPlan(null);
    return attempt(async () => {
      if (chosen.size > BYTES_MAX) throw new Error(t("import.too_large"));
      setPlan(await send(chosen, query));
    });
  }

  function forget() {
    setFile(null);
    setPlan(null);
    setTrouble(null);
  }

  return { file, asked, plan, setPlan, busy, trouble, attempt, choose, forget };
}
