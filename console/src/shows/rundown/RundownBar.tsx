import { Select } from "antd";
import { type Ref, useMemo, useState } from "react";
import type { SkuDocument } from "../../api/queries";
import type { RundownItemBody, ShowDocument } from "../../api/types";
import { units } from "../../i18n/format";
import { useLive, useOrder } from "../../live/context";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { sellable } from "../draft";
import { RundownImport } from "./import/RundownImport";
import type { Draft } from "./useDraft";

interface Props {
  show: ShowDocument;
  draft: Draft;
  catalog: ReadonlyMap<string, SkuDocument>;
  whyNot: string | null;
  search: Ref<{ focus(): void }>;
}

const PLANNED_AT_FIRST = 100;

/** The search that adds an item, what the plan comes to, undo and save. */
export function RundownBar({ show, draft, catalog, whyNot, search }: Props) {
  const { t } = usePreferences();
  const { store } = useLive();
  const order = useOrder();
  const [importing, setImporting] = useState(false);
  const options = useMemo(() => {
    const there = new Set(draft.items.map((item) => item.sku));
    return [...catalog.values()]
      .filter((item) => item.components.length === 0 && !there.has(item.sku))
      .map((item) => ({ value: item.sku, label: `${item.name} ${item.variant} ${item.sku}` }));
  }, [catalog, draft.items]);

  /** What there is of it is the first guess of its plan. */
  function add(sku: string) {
    const stock = order.includes(sku) ? store.row(sku)?.item : undefined;
    const there = stock ? sellable(stock, show.channels) : 0;
    const item: RundownItemBody = {
      sku,
      planned: there > 0 ? there : PLANNED_AT_FIRST,
      strategy: "shared",
      reserve_percent: null,
      limits: null,
      script: "",
      minutes: null,
    };
    draft.change([...draft.items, item]);
  }

  const sum = (of: (item: RundownItemBody) => number) => draft.items.reduce((all, item) => all + of(item), 0);
  return (
    <div className="rundown-bar">
      {show.status === "planned" && (
        <Select
          ref={search as never}
          className="rundown-add"
          showSearch={{ optionFilterProp: "label" }}
          disabled={whyNot !== null}
          value={null}
          placeholder={t("rundown.add")}
          aria-label={t("rundown.add")}
          options={options}
          onChange={(sku: string | null) => sku !== null && add(sku)}
        />
      )}
      {show.status === "planned" && (
        <Guarded why={whyNot} onClick={() => setImporting(true)}>
          {t("rundown.import")}
        </Guarded>
      )}
      <span className="muted num">
        {t("rundown.total", {
          items: units(draft.items.length),
          units: units(sum((item) => item.planned)),
          minutes: units(sum((item) => item.minutes ?? 0)),
        })}
      </span>
      {show.status === "live" && <span className="muted">{t("rundown.live.fixed")}</span>}
      <span className="rundown-save">
        <span className={draft.dirty ? "rundown-dirty" : "muted"} role="status">
          {t(draft.dirty ? "rundown.dirty" : "rundown.saved")}
        </span>
        <Guarded
          why={whyNot ?? (draft.canUndo ? null : t("rundown.nothing.undo"))}
          onClick={() => draft.undo()}
        >
          {t("rundown.undo")}
        </Guarded>
        <Guarded
          type="primary"
          why={whyNot ?? (draft.dirty ? null : t("rundown.nothing"))}
          loading={draft.saving}
          onClick={() => void draft.save()}
        >
          {t("rundown.save")}
        </Guarded>
      </span>
      {importing && (
        <RundownImport
          show={show}
          draft={draft}
          catalog={catalog}
          whyNot={whyNot}
          close={() => setImporting(false)}
        />
      )}
    </div>
  );
}
