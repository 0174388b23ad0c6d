import { describe, expect, it } from "vitest";
import type { TransferDocument } from "../src/api/types";
import { type MessageKey, translate } from "../src/i18n/translate";
import { holdRows } from "../src/ledger/export/files";
import { balanceOf, openingBalance, walkBack } from "../src/ledger/history";
import { accountWord, paceWords, reasonWord } from "../src/ledger/words";
import { csv } from "../src/ui/file/csv";
import { view } from "./views";

const AT = "2026-11-25T12:00:00Z";

function transfer(from: string, to: string, quantity: number): TransferDocument {
  const words = {
    reason: "",
    location: "main",
    reference: "",
    actor: "key:a",
    event_at: AT,
    recorded_at: AT,
    pace: null,
  };
  return { id: `${from}-${to}`, sku: "mug", from, to, quantity, ...words };
}

describe("why a number is what it is", () => {
  const newestFirst = [
    transfer("channel:a", "committed:a", 2),
    transfer("unallocated", "channel:a", 30),
    transfer("supplier", "unallocated", 100),
  ];

  it("walks back from now, transfer by transfer", () => {
    const steps = walkBack(28, newestFirst.slice(0, 2), "channel:a");
    expect(steps.map(({ change, after }) => [change, after])).toEqual([
      [-2, 28],
      [30, 30],
    ]);
    expect(openingBalance(28, newestFirst.slice(0, 2), "channel:a")).toBe(0);
    expect(openingBalance(70, newestFirst.slice(1), "unallocated")).toBe(0);
  });

  it("adds up the locations, as the transfers do", () => {
    const stock = view("mug", 1, { reserve: [7, 2] });
    const elsewhere = { account: "reserve", location: "b", posted: 5, held: 1 };
    const both = { ...stock, accounts: [...stock.accounts, elsewhere] };
    expect(balanceOf(both, "reserve")).toEqual({ posted: 12, held: 3 });
    expect(balanceOf(null, "reserve")).toEqual({ posted: 0, held: 0 });
  });

  it("does not come out even when a transfer is missing", () => {
    expect(openingBalance(28, newestFirst.slice(0, 1), "channel:a")).toBe(30);
  });
});

describe("words", () => {
  const t = (key: MessageKey, values?: Record<string, string | number>) => translate("zh", key, values);

  it("name accounts and the reasons that the console gives, and leave others as they are", () => {
    expect(accountWord(t, "channel:a:b", (name) => `<${name}>`)).toBe("渠道配额 · <a:b>");
    expect(accountWord(t, "reserve", (name) => name)).toBe("备用");
    expect(reasonWord(t, "undo open reserve")).toBe("撤销：打开备用");
    expect(reasonWord(t, "PO-7")).toBe("PO-7");
  });

  it("tell what each channel sold when the allocation moved units, the fastest first", () => {
    const pace = { kuaishou: 6.1, douyin: 38.4 };
    expect(paceWords(t, pace, (name) => `<${name}>`)).toBe(
      "估计销速：<douyin> 38 件/分，<kuaishou> 6.1 件/分",
    );
    expect(paceWords(t, null, (name) => name)).toBe("");
  });
});

describe("a file for spreadsheets", () => {
  it("quotes what would break a row, and disarms what would be a formula", () => {
    expect(csv([["商品", -3, "=1+1", 'a "b", c']])).toBe('\uFEFF商品,-3,\'=1+1,"a ""b"", c"\r\n');
  });

  it("keeps the long numbers of orders, which a spreadsheet would round", () => {
    expect(csv([["6921234567890123456", "123456789012345", 6921234567890]])).toBe(
      "\uFEFF6921234567890123456\t,123456789012345,6921234567890\r\n",
    );
  });

  it("has a row for each line of a hold, so that units add up", () => {
    const hold = {
      id: "7",
      status: "placed",
      channel: "a",
      buyer: "b",
      lines: [
        { sku: "mug", quantity: 2 },
        { sku: "cap", quantity: 1 },
      ],
      expires_at: AT,
      placed_at: AT,
    };
    expect(holdRows(hold)).toEqual([
      [AT, "7", "placed", "a", "b", "mug", 2, AT, "", ""],
      [AT, "7", "placed", "a", "b", "cap", 1, AT, "", ""],
    ]);
  });
});
