import { Button, Progress } from "antd";
import { useEffect, useRef, useState } from "react";
import { units } from "../../i18n/format";
import { csv, type Row, save } from "../../ui/file/csv";
import { usePreferences } from "../../ui/preferences";
import type { ExportFile } from "./files";

/** All rows that fit, as a file; it can be stopped, and then nothing is saved. */
export function Export({ file }: { file: ExportFile }) {
  const { t } = usePreferences();
  const [found, setRead] = useState<number | null>(null);
  const [trouble, setTrouble] = useState("");
  const stopped = useRef(false);
  // Who leaves the page wants no file of it later.
  useEffect(
    () => () => {
      stopped.current = true;
    },
    [],
  );

  async function run() {
    stopped.current = false;
    setTrouble("");
    setRead(0);
    const rows: Row[] = [file.headings];
    let read = 0;
    try {
      for (let next: string | null = ""; next !== null && !stopped.current; ) {
        const page = await file.page(next);
        rows.push(...page.rows);
        read += page.read;
        next = page.next;
        setRead(read);
      }
      if (!stopped.current) save(csv(rows), file.name);
    } catch (error) {
      setTrouble(
        t("ledger.export.failed", { detail: error instanceof Error ? error.message : String(error) }),
      );
    }
    setRead(null);
  }

  if (found === null) {
    return (
      <>
        {trouble && <span role="alert">{trouble}</span>}
        <Button onClick={() => void run()}>{t("ledger.export")}</Button>
      </>
    );
  }
  return (
    <>
      <Progress percent={100} status="active" showInfo={false} className="ledger-progress" />
      <span className="num" role="status">
        {t("ledger.export.read", { n: units(found) })}
      </span>
      <Button
        onClick={() => {
          stopped.current = true;
        }}
      >
        {t("move.cancel")}
      </Button>
    </>
  );
}
