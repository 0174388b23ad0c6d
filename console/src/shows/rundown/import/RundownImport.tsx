import { call } from "../../../api/client";
import type { SkuDocument } from "../../../api/queries";
import type { RundownDocument, ShowDocument } from "../../../api/types";
import { units } from "../../../i18n/format";
import { ImportFrame } from "../../../ui/file/ImportFrame";
import { Problems } from "../../../ui/file/Problems";
import { useFile } from "../../../ui/file/useFile";
import { usePreferences } from "../../../ui/preferences";
import { showPath } from "../../queries";
import type { Draft } from "../useDraft";
import { isGood, leftOut, rowsOf } from "./change";
import { RundownPlan } from "./RundownPlan";

interface Props {
  show: ShowDocument;
  draft: Draft;
  catalog: ReadonlyMap<string, SkuDocument>;
  whyNot: string | null;
  close(): void;
}

/** A rundown from a file: seen row by row, then put in place of the one being edited, to be saved or undone there. */
export function RundownImport({ show, draft, catalog, whyNot, close }: Props) {
  const { t } = usePreferences();
  const { file, plan, busy, trouble, choose, forget } = useFile((chosen) =>
    call<RundownDocument>("POST", `${showPath(show.id)}/rundown`, chosen),
  );
  const rows = plan ? rowsOf(plan.items, draft.items, catalog) : [];
  const removed = leftOut(rows, draft.items);
  const bad = rows.filter((row) => !isGood(row)).length;
  let why = whyNot;
  if (!plan) why ??= t("import.wait");
  else if (plan.problems.length > 0) why ??= t("import.problems", { n: plan.problems.length });
  else if (bad > 0) why ??= t("rundown.import.bad", { n: bad });

  function apply() {
    draft.change(rows.map((row) => row.item));
    close();
  }

  return (
    <ImportFrame
      title={t("rundown.import.title")}
      template="/v1/rundown-template.csv"
      rules={t("rundown.import.rules")}
      file={file}
      busy={busy}
      trouble={trouble}
      planned={plan !== null}
      act={t("rundown.import.apply", { n: units(rows.length) })}
      why={why}
      choose={(chosen) => void choose(chosen)}
      forget={forget}
      apply={apply}
      close={close}
    >
      {plan && <Problems problems={plan.problems} serious />}
      {plan && plan.problems.length === 0 && <RundownPlan rows={rows} removed={removed} catalog={catalog} />}
    </ImportFrame>
  );
}
