import type { ListingImportChange, ListingImportDocument, RowProblem } from "../../../api/types";
import { units } from "../../../i18n/format";
import { isMessage, type Translate } from "../../../i18n/translate";

type ImportRow = ListingImportDocument["rows"][number];

/** One row of the file: what it changes, what stands against it, or both. */
export interface PlanLine {
  row: number;
  change: ImportRow | null;
  problems: RowProblem[];
}

/** The rows of the file in its order; what is wrong with the file as a whole is no row's. */
export function linesOf({ rows, problems }: ListingImportDocument): PlanLine[] {
  const found = new Map<number, PlanLine>();
  for (const change of rows) found.set(change.row, { row: change.row, change, problems: [] });
  for (const problem of problems) {
    if (problem.row === 0) continue;
    const line = found.get(problem.row) ?? { row: problem.row, change: null, problems: [] };
    line.problems.push(problem);
    found.set(problem.row, line);
  }
  return [...found.values()].sort((one, other) => one.row - other.row);
}

/** What is changed, and its old and new value; the item has a column of its own. */
export function changeWords(t: Translate, { field, old, new: now }: ListingImportChange) {
  const key = `listings.${field}`;
  const value = (raw: ListingImportChange["old"]) => {
    if (typeof raw === "boolean") return t(raw ? "audit.yes" : "audit.no");
    if (raw === null || raw === "") return "–";
    return typeof raw === "number" ? units(raw) : raw;
  };
  return { name: isMessage(key) ? t(key) : field, old: value(old), now: value(now) };
}
