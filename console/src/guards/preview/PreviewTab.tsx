import { Button, Input, Select } from "antd";
import { useState } from "react";
import { useItems } from "../../api/queries";
import { usePreferences } from "../../ui/preferences";
import { draftOf, guardOf } from "../rules/draft";
import { PRESETS, type Preset, preset } from "../rules/presets";
import { sentence } from "../rules/sentence";
import { PreviewResult } from "./PreviewResult";
import { field, lastDays, lastWeek } from "./span";
import { type Job, usePreview } from "./usePreview";

type Rules = "own" | Preset;

/** Rules, items and a time to choose, and what would have come of it. */
export function PreviewTab() {
  const { t } = usePreferences();
  const { data: items } = useItems();
  const preview = usePreview();
  const [skus, setSkus] = useState<string[]>([]);
  const [rules, setRules] = useState<Rules>("own");
  const [week] = useState(() => lastWeek(new Date()));
  const [from, setFrom] = useState(() => field(week.from));
  const [to, setTo] = useState(() => field(week.to));
  const all = [...(items?.values() ?? [])];
  const chosen = skus.length
    ? all.filter((item) => skus.includes(item.sku))
    : all.filter((item) => item.guard);
  const jobs: Job[] = chosen.flatMap((item) => {
    const own = draftOf(item.guard);
    const guard =
      rules === "own" ? (item.guard ?? null) : guardOf(preset(rules, own, undefined, "preview"), item.guard);
    return guard ? [{ sku: item.sku, guard }] : [];
  });
  const wrong = from && to && from < to ? "" : t("guards.preview.wrong");
  const [first] = jobs;

  function setSpan(days: number) {
    const span = lastDays(new Date(), days);
    setFrom(field(span.from));
    setTo(field(span.to));
  }

  function run() {
    // The field shows minutes, and the minute that has begun belongs to it.
    const end = new Date(new Date(to).getTime() + 60_000);
    void preview.run(jobs, { from: new Date(from).toISOString(), to: end.toISOString() });
  }

  return (
    <>
      <p className="muted guards-hint">{t("guards.preview.hint")}</p>
      <div className="guards-bar guards-form">
        <Select
          mode="multiple"
          className="guards-items"
          aria-label={t("guards.preview.items")}
          placeholder={t("guards.preview.all")}
          maxTagCount="responsive"
          value={skus}
          onChange={setSkus}
          showSearch={{ optionFilterProp: "label" }}
          options={all.map((item) => ({ value: item.sku, label: `${item.sku} · ${item.name}` }))}
        />
        <Select<Rules>
          className="guards-rules"
          aria-label={t("guards.preview.rules")}
          value={rules}
          onChange={setRules}
          options={[
            { value: "own", label: t("guards.preview.own") },
            ...PRESETS.map((value) => ({ value, label: t(`guards.preset.${value}`) })),
          ]}
        />
        <Input
          type="datetime-local"
          className="num guards-moment"
          aria-label={t("guards.preview.from")}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <Input
          type="datetime-local"
          className="num guards-moment"
          aria-label={t("guards.preview.to")}
          value={to}
          status={wrong ? "error" : ""}
          onChange={(event) => setTo(event.target.value)}
        />
        <Button onClick={() => setSpan(1)}>{t("guards.preview.day")}</Button>
        <Button onClick={() => setSpan(7)}>{t("guards.preview.week")}</Button>
        <Button
          type="primary"
          loading={preview.running}
          disabled={wrong !== "" || jobs.length === 0}
          onClick={run}
        >
          {t(preview.found ? "guards.preview.again" : "guards.preview.run")}
        </Button>
      </div>
      <p className="guards-words" data-testid="words">
        {wrong ||
          (first
            ? rules === "own" && jobs.length > 1
              ? jobs.map((job) => job.sku).join(t("guards.and"))
              : sentence(t, first.guard)
            : t("guards.preview.nothing"))}
      </p>
      <PreviewResult preview={preview} />
    </>
  );
}
