import { Alert, Button, Input, Spin } from "antd";
import { useSearchParams } from "wouter";
import { call } from "../../api/client";
import { pageQuery, usePages } from "../../api/pages";
import type { AuditPage } from "../../api/types";
import { roleWord } from "../../live/words";
import { mayAs, useWho } from "../../session/session";
import { More } from "../../ui/list/More";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { AuditTable } from "./AuditTable";

/** Every write, by whom, and what came of it; the target stands in the address. */
export function AuditTab() {
  const { t } = usePreferences();
  const who = useWho();
  if (!mayAs(who.role, "operator")) {
    return <Alert type="info" showIcon title={t("audit.not_yours", { role: roleWord(t, who.role) })} />;
  }
  return <Trail />;
}

function Trail() {
  const { t } = usePreferences();
  const [params, setParams] = useSearchParams();
  const target = params.get("target") ?? "";
  const trail = usePages(["audit", target], (before) =>
    call<AuditPage>("GET", `/v1/audit?${pageQuery(before, { target })}`),
  );

  function look(text: string) {
    const wanted = text.trim();
    setParams(wanted ? { tab: "audit", target: wanted } : { tab: "audit" });
  }

  const entries = (trail.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <div>
      <div className="settings-bar">
        <Input.Search
          key={target}
          className="settings-search"
          defaultValue={target}
          allowClear
          placeholder={t("audit.target.hint")}
          aria-label={t("audit.target.label")}
          enterButton={t("audit.look")}
          onSearch={look}
        />
        <Button onClick={() => void trail.refetch()} loading={trail.isRefetching}>
          {t("settings.again")}
        </Button>
        <span className="muted">{t("audit.hint")}</span>
      </div>
      {trail.error && (
        <Alert type="error" banner title={t("table.failed", { detail: troubleWord(t, trail.error) })} />
      )}
      {trail.isPending ? (
        <Spin />
      ) : entries.length === 0 ? (
        <p className="settings-empty">{target ? t("audit.none.target", { target }) : t("audit.none")}</p>
      ) : (
        <>
          <AuditTable entries={entries} look={look} />
          <More list={trail} end={t("audit.end")} />
        </>
      )}
    </div>
  );
}
