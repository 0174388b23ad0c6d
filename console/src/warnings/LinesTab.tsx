import { Alert, Select, Spin } from "antd";
import { useSearchParams } from "wouter";
import { useItems } from "../api/queries";
import type { LinesDocument } from "../api/types";
import { useWhyNot } from "../ui/may";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { LinesForm } from "./LinesForm";
import { useLines } from "./queries";

/** The lines of all items, and of one that the address or the list names. */
export function LinesTab() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const { data: items } = useItems();
  const { data, error, isPending } = useLines();
  const [params, setParams] = useSearchParams();
  const sku = params.get("sku");
  const all = data?.find((each) => each.sku === null);
  const apart = data?.filter((each) => each.sku !== null) ?? [];
  const own = apart.find((each) => each.sku === sku);
  const one: LinesDocument | undefined =
    sku === null || !all ? undefined : (own ?? { ...all, sku, own: false });
  const nameOf = (code: string) => `${code} · ${items?.get(code)?.name ?? code}`;
  if (error) return <Alert type="error" banner title={troubleWord(t, error)} />;
  if (isPending || !all)
    return (
      <p className="warnings-empty">
        <Spin size="small" /> {t("lines.loading")}
      </p>
    );
  return (
    <div className="lines">
      <section aria-label={t("lines.all")}>
        <h2>
          {t("lines.all")} {!all.own && <span className="muted">{t("lines.shipped")}</span>}
        </h2>
        <LinesForm key={`all ${all.revision}`} found={all} whyNot={whyNot} />
      </section>
      <section aria-label={t("lines.add")}>
        <h2>{sku === null ? t("lines.add") : t("lines.of", { name: nameOf(sku) })}</h2>
        <Select
          className="lines-item"
          aria-label={t("lines.add")}
          placeholder={t("lines.add")}
          allowClear
          value={sku ?? undefined}
          showSearch={{ optionFilterProp: "label" }}
          onChange={(code?: string) => setParams(code ? { tab: "lines", sku: code } : { tab: "lines" })}
          options={[...(items?.values() ?? [])].map((item) => ({
            value: item.sku,
            label: `${apart.some((each) => each.sku === item.sku) ? "● " : ""}${nameOf(item.sku)}`,
          }))}
        />
        {one && <LinesForm key={`${sku} ${one.revision} ${one.own}`} found={one} whyNot={whyNot} />}
      </section>
    </div>
  );
}
