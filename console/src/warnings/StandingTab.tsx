import { Alert, Spin } from "antd";
import { useState } from "react";
import { useLine } from "../live/context";
import { useWhyNot } from "../ui/may";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { useWarnings, useWarningWrites } from "./queries";
import { WarningCard } from "./WarningCard";

/** What stands now, the worst first. */
export function StandingTab() {
  const { t } = usePreferences();
  const line = useLine();
  const whyNot = useWhyNot("operator");
  const writes = useWarningWrites();
  const { data, error, isPending } = useWarnings();
  const [trouble, setTrouble] = useState<unknown>(null);

  async function acknowledge(sku: string) {
    setTrouble(null);
    try {
      await writes.acknowledge(sku);
    } catch (cause) {
      setTrouble(cause);
    }
  }

  const wrong = trouble ?? error;
  return (
    <>
      {wrong !== null && (
        <Alert type="error" banner title={t("warnings.failed", { detail: troubleWord(t, wrong) })} />
      )}
      {isPending ? (
        <p className="warnings-empty">
          <Spin size="small" /> {t("warnings.loading")}
        </p>
      ) : data?.length ? (
        <ul
          className={line === "live" ? "warnings-list" : "warnings-list is-stale"}
          aria-label={t("warnings.label")}
        >
          {data.map((warning) => (
            <WarningCard
              key={warning.sku}
              warning={warning}
              whyNot={whyNot}
              acknowledge={(sku) => void acknowledge(sku)}
            />
          ))}
        </ul>
      ) : (
        data && <p className="warnings-empty">✓ {t("warnings.none")}</p>
      )}
    </>
  );
}
