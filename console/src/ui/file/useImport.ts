import { ApiError, call } from "../../api/client";
import { usePreferences } from "../preferences";
import { useFile } from "./useFile";

interface Way<T> {
  /** Where the file is sent. */
  path: string;
  /** Is told what was applied. */
  applied(done: T): void;
  /** Called after an attempt to apply, whatever came of it. */
  settled(): void;
}

/** A file that the server applies, if the plan that was shown still stands; what it was planned with is sent again. */
export function useImport<T extends { plan: string }>({ path, applied, settled }: Way<T>) {
  const { t } = usePreferences();
  const send = (chosen: File, query: Record<string, string>) =>
    call<T>("POST", `${path}?${new URLSearchParams(query)}`, chosen);
  const found = useFile<T>(send);
  const { file, asked, plan, setPlan, attempt } = found;

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

  return { ...found, apply };
}
