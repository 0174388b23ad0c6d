import { useState } from "react";
import { ApiError, call } from "../../api/client";
import { usePreferences } from "../preferences";

const BYTES_MAX = 1024 * 1024;

interface Way<T> {
  /** Where the file is sent. */
  path: string;
  /** Is told what was applied. */
  applied(done: T): void;
  /** Called after an attempt to apply, whatever came of it. */
  settled(): void;
}

/** A file on its way in: chosen, planned by the server, applied if the plan still stands. */
export function useFile<T extends { plan: string }>({ path, applied, settled }: Way<T>) {
  const { t } = usePreferences();
  const [file, setFile] = useState<File | null>(null);
  const [asked, setAsked] = useState<Record<string, string>>({});
  const [plan, setPlan] = useState<T | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);

  const send = (chosen: File, query: Record<string, string>) =>
    call<T>("POST", `${path}?${new URLSearchParams(query)}`, chosen);

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

  /** Have a file planned; `query` is sent with it, now and when it is applied. */
  function choose(chosen: File, query: Record<string, string> = {}) {
    setFile(chosen);
    setAsked(query);
    setPlan(null);
    return attempt(async () => {
      if (chosen.size > BYTES_MAX) throw new Error(t("import.too_large"));
      setPlan(await send(chosen, query));
    });
  }

  function apply() {
    return attempt(async () => {
      if (!file || !plan) return;
      try {
        const done = await send(file, { ...asked, apply: "true", plan: plan.plan });
        setPlan(done);
        applied(done);
      } catch (cause) {
        if (!(cause instanceof ApiError && cause.is("changed_meanwhile"))) throw cause;
        setPlan(await send(file, asked));
        throw new Error(t("import.meanwhile"));
      } finally {
        settled();
      }
    });
  }

  function forget() {
    setFile(null);
    setPlan(null);
    setTrouble(null);
  }

  return { file, asked, plan, busy, trouble, choose, apply, forget };
}
