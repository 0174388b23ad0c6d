import { call } from "../../api/client";
import type { HoldDocument, HoldPage, TransferDocument, TransferPage } from "../../api/types";
import type { Row } from "../../ui/file/csv";
import { holdsAddress } from "../holds";
import { address, type Wanted } from "../useTransfers";

const PAGE = 1_000;

/** A page of what is exported; `read` counts what was asked for, of which one may be several rows. */
export interface ExportPage {
  read: number;
  rows: Row[];
  next: string | null;
}

/** What is exported: a file's name and headings, and its rows page by page. */
export interface ExportFile {
  name: string;
  headings: Row;
  page(before: string): Promise<ExportPage>;
}

const TRANSFER = [
  "recorded_at",
  "event_at",
  "sku",
  "quantity",
  "from",
  "to",
  "reason",
  "reference",
  "actor",
  "location",
  "id",
] as const satisfies readonly (keyof TransferDocument)[];

const HOLD = [
  "placed_at",
  "id",
  "status",
  "channel",
  "buyer",
] as const satisfies readonly (keyof HoldDocument)[];
const HOLD_END = ["expires_at", "settled_at", "review"] as const satisfies readonly (keyof HoldDocument)[];

/** All transfers that fit. */
export function transfersFile(wanted: Wanted): ExportFile {
  return {
    name: `holdfast-${wanted.sku || "ledger"}.csv`,
    headings: TRANSFER,
    async page(before) {
      const { items, next } = await call<TransferPage>("GET", address(wanted, before, PAGE));
      return {
        read: items.length,
        rows: items.map((each) => TRANSFER.map((name) => each[name] ?? "")),
        next,
      };
    },
  };
}

/** All holds of an item, or of all; one row for each of a hold's lines, so that a spreadsheet can add them up. */
export function holdsFile(sku: string): ExportFile {
  return {
    name: `holdfast-holds${sku && "-"}${sku}.csv`,
    headings: [...HOLD, "sku", "quantity", ...HOLD_END],
    async page(before) {
      const { items, next } = await call<HoldPage>("GET", holdsAddress(sku, before, PAGE));
      return { read: items.length, rows: items.flatMap(holdRows), next };
    },
  };
}

/** The rows of one hold. */
export function holdRows(hold: HoldDocument): Row[] {
  return hold.lines.map(({ sku, quantity }) => [
    ...HOLD.map((name) => hold[name]),
    sku,
    quantity,
    ...HOLD_END.map((name) => hold[name] ?? ""),
  ]);
}
