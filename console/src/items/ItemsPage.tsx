import { Alert, Input, type InputRef, Select, Spin } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { useItems } from "../api/queries";
import type { ItemImportDocument, SkuDocument } from "../api/types";
import { Frame } from "../frame/Frame";
import { units } from "../i18n/format";
import { Guarded } from "../ui/Guarded";
import { useWhyNot } from "../ui/may";
import { usePreferences } from "../ui/preferences";
import { troubleWord } from "../ui/trouble";
import { type Done, DoneBar } from "./DoneBar";
import { ItemDrawer } from "./edit/ItemDrawer";
import { FILTERS, type Filter, matching } from "./filter";
import { ImportDialog } from "./import/ImportDialog";
import { useItemWrites } from "./save";
import { ItemTable } from "./table/ItemTable";
import { UndoBar } from "./undo/UndoBar";
import "./items.css";

const NONE: ReadonlyMap<string, SkuDocument> = new Map();

/** The catalogue: searched, changed, frozen; search, filter and the open item stand in the address. */
export default function ItemsPage() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const writes = useItemWrites();
  const { data, error, isPending } = useItems();
  const [params, setParams] = useSearchParams();
  const [making, setMaking] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const [imported, setImported] = useState<ItemImportDocument | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const search = useRef<InputRef>(null);
  const items = data ?? NONE;
  const query = params.get("q") ?? "";
  const filter = FILTERS.find((name) => name === params.get("show")) ?? "all";
  const open = params.get("sku");
  const opened = open === null ? undefined : items.get(open);
  const shown = useMemo(() => matching(items.values(), query, filter), [items, query, filter]);

  function set(name: string, value: string) {
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: name === "q" },
    );
  }

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "/" || (event.target as HTMLElement).matches("input, textarea, [role=combobox]"))
        return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);

  async function toggle(item: SkuDocument) {
    setTrouble(null);
    try {
      const now = await writes.setFrozen(item.sku, !item.frozen);
      setDone({ kind: now.frozen ? "frozen" : "unfrozen", before: item, after: now });
    } catch (cause) {
      setTrouble(cause);
    }
  }

  function finish(saved: Done) {
    setMaking(false);
    set("sku", "");
    setDone(saved);
  }

  const actions = (
    <>
      <Input
        ref={search}
        className="items-search"
        type="search"
        allowClear
        value={query}
        placeholder={t("strip.search")}
        aria-label={t("items.search")}
        onChange={(event) => set("q", event.target.value)}
      />
      <Select<Filter>
        className="items-filter"
        aria-label={t("items.filter")}
        value={filter}
        onChange={(value) => set("show", value === "all" ? "" : value)}
        options={FILTERS.map((value) => ({ value, label: t(`items.filter.${value}`) }))}
      />
      <Guarded why={whyNot} onClick={() => set("import", "file")}>
        {t("import.open")}
      </Guarded>
      <Guarded type="primary" why={whyNot} onClick={() => setMaking(true)}>
        {t("items.new")}
      </Guarded>
    </>
  );
  return (
    <Frame title={t("nav.items")} actions={actions}>
      <div className="items">
        {error && <Alert type="error" banner title={t("table.failed", { detail: troubleWord(t, error) })} />}
        {trouble !== null && (
          <Alert
            type="error"
            banner
            title={troubleWord(t, trouble)}
            closable={{ onClose: () => setTrouble(null) }}
          />
        )}
        {isPending ? (
          <p className="items-empty">
            <Spin size="small" /> {t("items.loading")}
          </p>
        ) : (
          <ItemTable
            items={shown}
            all={items.size}
            query={query}
            whyNot={whyNot}
            edit={(sku) => set("sku", sku)}
            toggle={(item) => void toggle(item)}
          />
        )}
        <footer className="items-foot">
          <span className="muted num">
            {t("items.count", { n: units(shown.length), all: units(items.size) })}
          </span>
          <DoneBar key={done?.after.updated_at} done={done} close={() => setDone(null)} fail={setTrouble} />
          {imported?.import_id && (
            <UndoBar
              key={imported.import_id}
              id={imported.import_id}
              rows={imported.rows.length}
              whyNot={whyNot}
              close={() => setImported(null)}
            />
          )}
        </footer>
      </div>
      {params.has("import") && (
        <ImportDialog whyNot={whyNot} applied={setImported} close={() => set("import", "")} />
      )}
      {(making || opened) && (
        <ItemDrawer
          key={opened?.sku ?? ""}
          item={making ? null : (opened ?? null)}
          items={items}
          whyNot={whyNot}
          done={finish}
          close={() => {
            setMaking(false);
            set("sku", "");
          }}
        />
      )}
    </Frame>
  );
}
