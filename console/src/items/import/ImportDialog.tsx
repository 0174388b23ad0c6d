import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Modal, Spin } from "antd";
import { useChannels } from "../../api/queries";
import type { ItemImportDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { ChooseFile } from "../../ui/file/ChooseFile";
import { Problems } from "../../ui/file/Problems";
import { useFile } from "../../ui/file/useFile";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { ImportPlan } from "./ImportPlan";
import { Summary } from "./Summary";
import "../../ui/file/file.css";

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
  const { file, plan, busy, trouble, choose, apply, forget } = useFile<ItemImportDocument>({
    path: "/v1/imports/items",
    applied,
    settled: () => void client.invalidateQueries({ queryKey: ["skus"] }),
  });
  const nameOf = (code: string) => channels?.find((each) => each.channel === code)?.name ?? code;
  const applying = busy && plan !== null;
  let why = whyNot;
  if (!plan) why ??= t("import.wait");
  else if (plan.problems.length > 0) why ??= t("import.problems", { n: plan.problems.length });
  else if (plan.rows.length === 0) why ??= t("import.nothing");

  const foot = plan?.applied ? (
    <Button type="primary" onClick={close}>
      {t("import.close")}
    </Button>
  ) : (
    <>
      {applying && (
        <span className="muted" role="status">
          {t("import.applying")}
        </span>
      )}
      {file && !applying && <Button onClick={forget}>{t("import.other")}</Button>}
      <Guarded type="primary" why={why} loading={applying} onClick={() => void apply()}>
        {plan?.rows.length ? t("import.apply", { n: units(plan.rows.length) }) : t("import.confirm")}
      </Guarded>
    </>
  );
  return (
    <Modal
      open
      width={860}
      className="import"
      title={t("import.title")}
      onCancel={close}
      closable={!applying}
      mask={{ closable: false }}
      footer={foot}
    >
      {trouble !== null && <Alert type="error" showIcon title={troubleWord(t, trouble)} />}
      {!file && (
        <ChooseFile
          rules={t("import.rules")}
          template="/v1/items-template.csv"
          choose={(chosen) => void choose(chosen)}
        />
      )}
      {file && <p className="import-name">{file.name}</p>}
      {file && busy && !plan && (
        <p className="items-empty" role="status">
          <Spin size="small" /> {t("import.reading", { file: file.name })}
        </p>
      )}
      {plan && (
        <>
          {plan.problems.length === 0 && <Summary plan={plan} />}
          <Problems problems={plan.problems} serious />
          <Problems problems={plan.warnings} serious={false} />
          {plan.problems.length === 0 && <ImportPlan plan={plan} nameOf={nameOf} />}
          {!plan.applied && plan.rows.length > 0 && <p className="muted">{t("import.check")}</p>}
        </>
      )}
    </Modal>
  );
}
