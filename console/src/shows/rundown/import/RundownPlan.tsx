import { Alert } from "antd";
import type { SkuDocument } from "../../../api/queries";
import type { ItemLimits, RundownItemBody } from "../../../api/types";
import { units } from "../../../i18n/format";
import { Sheet } from "../../../ui/list/Sheet";
import { usePreferences } from "../../../ui/preferences";
import { isGood, type Row } from "./change";

interface Props {
  rows: readonly Row[];
  removed: readonly RundownItemBody[];
  catalog: ReadonlyMap<string, SkuDocument>;
}

const limitWords = (limits: ItemLimits | null | undefined) =>
  [limits?.per_order, limits?.per_buyer, limits?.per_buyer_across_channels]
    .map((each) => (typeof each === "number" ? units(each) : "–"))
    .join(" / ");

/** The rundown as a file has it, each row beside what is there now, and what the file leaves out. */
export function RundownPlan({ rows, removed, catalog }: Props) {
  const { t } = usePreferences();
  const count = (change: Row["change"]) => units(rows.filter((row) => row.change === change).length);
  const bad = rows.filter((row) => !isGood(row)).length;
  const nameOf = (sku: string) => catalog.get(sku)?.name ?? sku;
  const strategy = (item: RundownItemBody) => t(`rundown.strategy.${item.strategy ?? "shared"}`);
  return (
    <>
      <p className="import-sum num">
        <strong>{t("rundown.import.new", { n: count("new") })}</strong>
        <strong>{t("rundown.import.changed", { n: count("changed") })}</strong>
        <strong>{t("rundown.import.removed", { n: units(removed.length) })}</strong>
        <span className="muted">{t("rundown.import.same", { n: count("same") })}</span>
      </p>
      {bad > 0 && <Alert type="error" showIcon title={t("rundown.import.bad", { n: bad })} />}
      <Sheet label={t("rundown.import.title")}>
        <thead>
          <tr>
            <th scope="col">{t("rundown.order")}</th>
            <th scope="col">{t("rundown.item")}</th>
            <th scope="col">{t("rundown.import.what")}</th>
            <th scope="col" className="shows-number">
              {t("rundown.planned")}
            </th>
            <th scope="col">{t("rundown.strategy")}</th>
            <th scope="col">{t("rundown.limits")}</th>
            <th scope="col" className="shows-number">
              {t("rundown.minutes")}
            </th>
            <th scope="col">{t("rundown.script")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ item, before, change }, at) => (
            <tr key={item.sku} data-row={item.sku}>
              <td className="num muted">{at + 1}</td>
              <td className="import-text">
                {nameOf(item.sku)} <small className="muted num">{item.sku}</small>
              </td>
              <td className={isGood({ item, before, change }) ? "" : "import-bad"}>
                {t(`rundown.import.is.${change}`)}
              </td>
              <td className="num shows-number">
                {before && before.planned !== item.planned && (
                  <del className="muted">{units(before.planned)}</del>
                )}{" "}
                {units(item.planned)}
              </td>
              <td>
                {strategy(item)}
                {typeof item.reserve_percent === "number" && ` ${item.reserve_percent}%`}
              </td>
              <td className="num">{limitWords(item.limits)}</td>
              <td className="num shows-number">{item.minutes ?? "–"}</td>
              <td className="import-text">{item.script}</td>
            </tr>
          ))}
        </tbody>
      </Sheet>
      {removed.length > 0 && (
        <p className="muted">
          {t("rundown.import.leaves", { items: removed.map((item) => nameOf(item.sku)).join("、") })}
        </p>
      )}
      <p className="muted">{t("rundown.import.then")}</p>
    </>
  );
}
