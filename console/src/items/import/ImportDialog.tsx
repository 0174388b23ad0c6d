import { useQueryClient } from "@tanstack/react-query";
import { useChannels } from "../../api/queries";
import type { ItemImportDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { ImportFrame } from "../../ui/file/ImportFrame";
import { Problems } from "../../ui/file/Problems";
import { useImport } from "../../ui/file/useImport";
import { usePreferences } from "../../ui/preferences";
import { ImportPlan } from "./ImportPlan";
import { Summary } from "./Summary";

interface Props {
  whyNot: string | null;
  /** Is told what was applied. */
  applied(plan: ItemImportDocument): void;
  close(): void;
}

/** Items from a file: choose it, see what it changes or what is wrong in it, confirm, see what came of it. */
export function ImportDialog({ whyNot, applied, close }: Props) {
  const { t } = usePreferences();
  const client = useQueryClient();
  const { data: channels } = useChannels();
  const { file, plan, busy, trouble, choose, apply, forget } = useImport<ItemImportDocument>({
    path: "/v1/imports/items",
    applied,
    settled: () => void client.invalidateQueries({ queryKey: ["skus"] }),
  });
  const nameOf = (code: string) => channels?.find((each) => each.channel === code)?.name ?? code;
  let why = whyNot;
  if (!plan) why ??= t("import.wait");
  else if (plan.problems.length > 0) why ??= t("import.problems", { n: plan.problems.length });
  else if (plan.rows.length === 0) why ??= t("import.nothing");
  return (
    <ImportFrame
      title={t("import.title")}
      template="/v1/items-template.csv"
      rules={t("import.rules")}
      file={file}
      busy={busy}
      trouble={trouble}
      planned={plan !== null}
      done={plan?.applied ?? false}
      act={plan?.rows.length ? t("import.apply", { n: units(plan.rows.length) }) : t("import.confirm")}
      why={why}
      choose={(chosen) => void choose(chosen)}
      forget={forget}
      apply={() => void apply()}
      close={close}
    >
      {plan && (
        <>
          {plan.problems.length === 0 && <Summary plan={plan} />}
          <Problems problems={plan.problems} serious />
          <Problems problems={plan.warnings} serious={false} />
          {plan.problems.length === 0 && <ImportPlan plan={plan} nameOf={nameOf} />}
          {!plan.applied && plan.rows.length > 0 && <p className="muted">{t("import.check")}</p>}
        </>
      )}
    </ImportFrame>
  );
}
