import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Modal, Spin } from "antd";
import { useState } from "react";
import type { ShowDocument } from "../../api/types";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { useShowWrites } from "../queries";
import { Findings } from "./Findings";

interface Props {
  show: ShowDocument;
  close(): void;
}

/** The preflight 开播检查, and the start; an error is mended, or overruled with a reason. */
export function StartDialog({ show, close }: Props) {
  const { t } = usePreferences();
  const { preflight, step } = useShowWrites();
  const [reasons, setReasons] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const check = useQuery({
    queryKey: ["preflight", show.id, show.revision],
    queryFn: () => preflight(show.id),
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const errors = (check.data?.findings ?? []).filter((each) => each.level === "error");
  const left = errors.filter((each) => !each.can_overrule || !reasons[each.code]?.trim());

  async function start() {
    setBusy(true);
    setError(null);
    const overrule = Object.fromEntries(
      errors.flatMap(({ code }) => (reasons[code]?.trim() ? [[code, reasons[code].trim()]] : [])),
    );
    try {
      await step(show.id, "start", { overrule });
      close();
    } catch (cause) {
      setError(cause);
      setBusy(false);
      void check.refetch();
    }
  }

  const why = !check.data
    ? t("show.start.looking")
    : left.length
      ? t("show.start.why", { n: left.length })
      : null;
  return (
    <Modal
      open
      width={720}
      title={t("show.start.title", { name: show.name })}
      onCancel={close}
      footer={
        <>
          <Button onClick={close}>{t("move.cancel")}</Button>
          <Button onClick={() => void check.refetch()} loading={check.isFetching && !check.isPending}>
            {t("show.start.again")}
          </Button>
          <Guarded type="primary" why={why} loading={busy} onClick={() => void start()}>
            {t("show.start.now")}
          </Guarded>
        </>
      }
    >
      <div className="preflight-list" aria-live="polite">
        {check.isPending && (
          <p className="muted">
            <Spin size="small" /> {t("show.start.looking")}
          </p>
        )}
        {check.error && <Alert type="error" showIcon title={troubleWord(t, check.error)} />}
        {error !== null && <Alert type="error" showIcon title={troubleWord(t, error)} />}
        {check.data && (
          <>
            <Alert
              type={errors.length ? "error" : "success"}
              showIcon
              title={errors.length ? t("show.start.red", { n: errors.length }) : t("show.start.green")}
            />
            <Findings
              findings={check.data.findings}
              reasons={reasons}
              give={(code, reason) => setReasons({ ...reasons, [code]: reason })}
            />
          </>
        )}
      </div>
    </Modal>
  );
}
