import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Modal, Spin } from "antd";
import { useEffect, useRef } from "react";
import { useChannels } from "../../../api/queries";
import type { ListingImportDocument } from "../../../api/types";
import { units } from "../../../i18n/format";
import { ChooseFile } from "../../../ui/file/ChooseFile";
import { Problems } from "../../../ui/file/Problems";
import { useImport } from "../../../ui/file/useImport";
import { Guarded } from "../../../ui/Guarded";
import { useWhyNot } from "../../../ui/may";
import { usePreferences } from "../../../ui/preferences";
import { troubleWord } from "../../../ui/trouble";
import { MapPlan } from "./MapPlan";
import "../../../ui/file/file.css";

interface Props {
  channel: string;
  /** A sheet to begin with; without one the operator chooses a file. */
  start: File | null;
  close(): void;
}

/** Listings mapped from a file: choose it, see row by row what it does or what stands against it, confirm. */
export function MapFileDialog({ channel, start, close }: Props) {
  const { t } = usePreferences();
  const client = useQueryClient();
  const whyNot = useWhyNot("operator");
  const { data: channels } = useChannels();
  const again = () => {
    for (const key of ["listings", "sync"]) void client.invalidateQueries({ queryKey: [key] });
  };
  const { file, plan, busy, trouble, asked, choose, apply, forget } = useImport<ListingImportDocument>({
    path: "/v1/imports/listings",
    applied: () => {},
    settled: again,
  });
  const look = (chosen: File, lower = false) =>
    void choose(chosen, { channel, ...(lower && { lower_counter: "true" }) });
  const begun = useRef(false);
  useEffect(() => {
    if (start && !begun.current) look(start);
    begun.current = true;
  });

  const nameOf = (code: string) => channels?.find((each) => each.channel === code)?.name ?? code;
  const lower = asked.lower_counter === "true";
  const beyond = lower || plan?.problems.some(({ code }) => code === "counter_beyond_pool");
  const wrong = new Set(plan?.problems.map(({ row }) => row)).size;
  const fresh = plan?.rows.filter((row) => row.new).length ?? 0;
  const applying = busy && plan !== null;
  let why = whyNot;
  if (!plan) why ??= t(busy ? "mapping.reading" : "import.wait");
  else if (plan.problems.length > 0) why ??= t("mapping.wrong", { n: units(wrong) });
  else if (plan.rows.length === 0) why ??= t("mapping.nothing");

  const foot = plan?.applied ? (
    <Button type="primary" onClick={close}>
      {t("import.close")}
    </Button>
  ) : (
    <>
      {file && !applying && !start && <Button onClick={forget}>{t("import.other")}</Button>}
      <Guarded type="primary" why={why} loading={applying} onClick={() => void apply()}>
        {plan?.rows.length ? t("mapping.apply", { n: units(plan.rows.length) }) : t("mapping.confirm")}
      </Guarded>
    </>
  );
  return (
    <Modal
      open
      width={860}
      className="import"
      title={t("mapping.title", { name: nameOf(channel) })}
      onCancel={close}
      closable={!applying}
      mask={{ closable: false }}
      footer={foot}
    >
      {trouble !== null && <Alert type="error" showIcon title={troubleWord(t, trouble)} />}
      {!file && !start && (
        <ChooseFile rules={t("mapping.rules")} template="/v1/listings-template.csv" choose={look} />
      )}
      {file && <p className="import-name">{file.name}</p>}
      {file && busy && !plan && (
        <p className="import-empty" role="status">
          <Spin size="small" /> {t("mapping.reading")}
        </p>
      )}
      {plan?.applied && (
        <Alert
          type="success"
          showIcon
          role="status"
          title={t("mapping.done", { n: units(plan.rows.length) })}
        />
      )}
      {plan && !plan.applied && (
        <p className="import-sum num" data-testid="mapping-sum">
          <strong>{t("mapping.fresh", { n: units(fresh) })}</strong>
          <strong>{t("import.changed", { n: units(plan.rows.length - fresh) })}</strong>
          <span className="muted">{t("import.same", { n: units(plan.unchanged) })}</span>
          {wrong > 0 && (
            <strong className="import-part is-wrong">✕ {t("mapping.wrong", { n: units(wrong) })}</strong>
          )}
        </p>
      )}
      {plan && (
        <>
          <Problems problems={plan.problems.filter(({ row }) => row === 0)} serious />
          <Problems problems={plan.warnings} serious={false} />
          <MapPlan plan={plan} nameOf={nameOf} />
        </>
      )}
      {file && plan && !plan.applied && beyond && (
        <Checkbox checked={lower} disabled={busy} onChange={(event) => look(file, event.target.checked)}>
          {t("mapping.lower")}
        </Checkbox>
      )}
      {plan && !plan.applied && plan.rows.length > 0 && (
        <p className="muted">{t("listings.map.preflight")}</p>
      )}
    </Modal>
  );
}
