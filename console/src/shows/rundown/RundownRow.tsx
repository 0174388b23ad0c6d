import { Button } from "antd";
import type { KeyboardEvent, ReactNode } from "react";
import type { SkuDocument } from "../../api/queries";
import type { RundownItemBody, RundownItemDocument, ShowDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { proposedPercent, STRATEGIES } from "../draft";
import { Count } from "./Count";
import { LimitFields } from "./LimitFields";
import { RowHead } from "./RowHead";
import { StockCell } from "./StockCell";

interface Props {
  at: number;
  show: ShowDocument;
  item: RundownItemBody;
  /** How it stands in the show; missing as long as it is not saved. */
  standing: RundownItemDocument | undefined;
  known: SkuDocument | undefined;
  whyNot: string | null;
  dragged: boolean;
  set(part: Partial<RundownItemBody>): void;
  remove(): void;
  keys(event: KeyboardEvent): void;
  drag(at: number | null): void;
  drop(): void;
  acts: ReactNode;
}

/** One item of the rundown, all of it in fields of its line. */
export function RundownRow(props: Props) {
  const { at, show, item, standing, known, whyNot, set } = props;
  const { t } = usePreferences();
  const name = known?.name ?? item.sku;
  const of = (what: string) => t("rundown.of", { what, item: name });
  const strategy = item.strategy ?? "shared";
  const channels = show.channels.length;
  const fixed = whyNot !== null || show.status !== "planned";
  const state = show.status === "planned" ? undefined : standing?.state;
  return (
    <tr
      data-testid="rundown-row"
      data-sku={item.sku}
      className={`${props.dragged ? "is-dragged" : ""} ${state ? `is-${state}` : ""}`}
      onKeyDown={props.keys}
      onDragOver={(event) => event.preventDefault()}
      onDrop={props.drop}
    >
      <RowHead
        at={at}
        name={name}
        item={item}
        variant={known?.variant ?? ""}
        state={state}
        pushedIn={standing?.pushed_in ?? false}
        movable={whyNot === null}
        drag={props.drag}
      />
      <td className="shows-number">
        <Count
          label={of(t("rundown.planned"))}
          value={item.planned}
          fixed={fixed}
          wide
          set={(units) => set({ planned: Math.max(1, units ?? 1) })}
        />
      </td>
      <td>
        <StockCell item={item} show={show} bundle={(known?.components.length ?? 0) > 0} />
      </td>
      <td className="rundown-strategy">
        <select
          className="rundown-field"
          aria-label={of(t("rundown.strategy"))}
          disabled={fixed}
          value={strategy}
          onChange={(event) => set({ strategy: event.target.value as typeof strategy })}
        >
          {STRATEGIES.map((each) => (
            <option key={each} value={each}>
              {t(`rundown.strategy.${each}`)}
            </option>
          ))}
        </select>
        <small className="muted">{t(`rundown.strategy.${strategy}.why`)}</small>
      </td>
      <td>
        {strategy === "reserve" ? (
          <Count
            label={of(t("rundown.reserve"))}
            value={item.reserve_percent ?? null}
            placeholder={String(proposedPercent(item.planned, channels))}
            max={100}
            fixed={fixed}
            set={(percent) => set({ reserve_percent: percent })}
          />
        ) : (
          <span className="muted">–</span>
        )}
      </td>
      <td className="rundown-limits">
        <LimitFields limits={item.limits ?? null} of={of} fixed={fixed} set={(limits) => set({ limits })} />
      </td>
      <td>
        <Count
          label={of(t("rundown.minutes"))}
          value={item.minutes ?? null}
          placeholder="–"
          max={1_440}
          fixed={whyNot !== null}
          set={(minutes) => set({ minutes })}
        />
      </td>
      <td>
        <textarea
          className="rundown-field rundown-script"
          aria-label={of(t("rundown.script"))}
          rows={1}
          maxLength={2_000}
          readOnly={whyNot !== null}
          value={item.script ?? ""}
          title={item.script}
          onChange={(event) => set({ script: event.target.value })}
        />
      </td>
      <td className="sheet-acts">
        {props.acts}
        {show.status === "planned" && whyNot === null && (
          <Button size="small" type="text" aria-label={of(t("rundown.remove"))} onClick={props.remove}>
            ✕
          </Button>
        )}
      </td>
    </tr>
  );
}
