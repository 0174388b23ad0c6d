import { Alert, Select, Spin } from "antd";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useItems } from "../../api/queries";
import { units } from "../../i18n/format";
import { type Done, DoneBar } from "../../items/DoneBar";
import { Sheet } from "../../ui/list/Sheet";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { GuardDrawer } from "./GuardDrawer";
import { GuardRow } from "./GuardRow";
import "../../items/items.css";

const COLUMNS = ["item", "gate", "lists", "age", "speed", "address", "exposure", "breaker", "acts"] as const;

/** Which item has which rules; the item that the address names is open for change. */
export function RulesTab() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const { data: items, error, isPending } = useItems();
  const [params, setParams] = useSearchParams();
  const [done, setDone] = useState<Done | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const all = [...(items?.values() ?? [])];
  const guarded = all.filter((item) => item.guard);
  const sku = params.get("sku");
  const opened = sku === null ? undefined : items?.get(sku);
  const open = (code: string | null) => setParams(code === null ? {} : { sku: code });
  const wrong = trouble ?? error;
  if (isPending) {
    return (
      <p className="guards-empty">
        <Spin size="small" /> {t("guards.loading")}
      </p>
    );
  }
  return (
    <>
      {wrong !== null && <Alert type="error" banner title={troubleWord(t, wrong)} />}
      <div className="guards-bar">
        <Select
          className="guards-item"
          aria-label={t("guards.add")}
          placeholder={t("guards.add")}
          value={null}
          showSearch={{ optionFilterProp: "label" }}
          onChange={(code: string | null) => open(code)}
          options={all
            .filter((item) => !item.guard)
            .map((item) => ({ value: item.sku, label: `${item.sku} · ${item.name}` }))}
        />
        <span className="muted num">
          {t("guards.count", { n: units(guarded.length), all: units(all.length) })}
        </span>
        <DoneBar key={done?.after.updated_at} done={done} close={() => setDone(null)} fail={setTrouble} />
      </div>
      {guarded.length === 0 ? (
        <p className="guards-empty">{t("guards.none")}</p>
      ) : (
        <Sheet label={t("guards.label")}>
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {t(`guards.column.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {guarded.map((item) => (
              <GuardRow key={item.sku} item={item} whyNot={whyNot} edit={() => open(item.sku)} />
            ))}
          </tbody>
        </Sheet>
      )}
      {opened && (
        <GuardDrawer
          key={opened.sku}
          item={opened}
          whyNot={whyNot}
          done={(saved) => {
            setTrouble(null);
            setDone(saved);
            open(null);
          }}
          close={() => open(null)}
        />
      )}
    </>
  );
}
