import { Button, Progress } from "antd";
import { useRef, useState } from "react";
import { call } from "../api/client";
import type { TransferDocument, TransferPage } from "../api/types";
import { usePreferences } from "../ui/preferences";
import { csv, save } from "./csv";
import { address, type Wanted } from "./useTransfers";

const PAGE = 1_000;
const HEADINGS = [
  "recorded_at",
  "event_at",
  "sku",
  "quantity",
  "from",
  "to",
  "reason",
  "reference",
  "actor",
  "location",
  "id",
] as const;

/** All transfers that fit, as a file; it can be stopped, and then nothing is saved. */
export function Export({ wanted }: { wanted: Wanted }) {
  const { t } = usePreferences();
  const [read, setRead] = useState<number | null>(null);
  const [trouble, setTrouble] = useState("");
  const stopped = useRef(false);

  async function run() {
    stopped.current = false;
    setTrouble("");
    setRead(0);
    const found: TransferDocument[] = [];
    try {
      for (let next: string | null = ""; next !== null && !stopped.current; ) {
        const page: TransferPage = await call("GET", address(wanted, next, PAGE));
        found.push(...page.items);
        next = page.next;
        setRead(found.length);
      }
      if (!stopped.current) {
        const rows = found.map((transfer) => HEADINGS.map((name) => transfer[name] ?? ""));
        save(csv([HEADINGS, ...rows]), `holdfast-${wanted.sku || "ledger"}.csv`);
      }
    } catch (error) {
      setTrouble(
        t("ledger.export.failed", { detail: error instanceof Error ? error.message : String(error) }),
      );
    }
    setRead(null);
  }

  if (read === null) {
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
        {t("ledger.export.read", { n: read })}
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
