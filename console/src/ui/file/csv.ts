export type Row = readonly (string | number)[];

/**
 * A cell that a spreadsheet would take for a formula gets a quote before it; a number of an order, of which it would
 * keep only fifteen digits, gets a tab behind it, which makes it text.
 */
function cell(value: string | number): string {
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(value)) text = `'${value}`;
  else if (typeof value === "string" && /^\d{16,}$/.test(value)) text = `${value}\t`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as a file that spreadsheets open in Chinese, too: UTF-8 with its mark, lines ended as in RFC 4180. */
export function csv(rows: readonly Row[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

/** Hand a text to the browser as a file to keep. */
export function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
