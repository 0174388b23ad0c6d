"""`holdfast import` and `holdfast export`: items and stock from and to CSV and Excel."""

import sys
from pathlib import Path
from typing import Any

import click

from holdfast.sheets import (
    Plan,
    PutItem,
    codes_that_excel_spoils,
    plan,
    read_sheet,
    state_items,
)
from holdfast.sheets import write as write_sheet

from .client import ApiClient
from .common import EXIT_FAILED
from .output import Language, Output, client_for, output_options, server_options
from .sheets.preview import show_problems
from .sheets.remote import Applied, apply, fetch_state
from .sheets.target import FILE, check_target, target_options, writing

_SHOWN_CHARACTERS_MAX = 200
"""A name is shown whole; of a picture's address the beginning tells enough."""


@click.command("import")
@click.argument("file", type=FILE)
@server_options
@click.option(
    "--sheet", metavar="NAME", help="Sheet of the workbook; the first with item codes if not given."
)
@click.option("--encoding", metavar="NAME", help="Encoding of the CSV; found out if not given.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@output_options
def import_items(
    file: Path,
    url: str,
    key: str | None,
    sheet: str | None,
    encoding: str | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    language: Language | None,
) -> None:
    """Import items and stock from CSV or Excel. 导入商品与库存。

    Shows what will change before it changes anything; with one error in the file nothing changes. An empty
    cell leaves a field as it is, 无 or none removes a price, a limit or a picture. `stock` is the wanted
    total on hand, `channel:NAME` the wanted right of a channel; leave those columns out to change
    descriptions only.
    """
    output = Output(as_json=as_json, language=language)
    if not (yes or dry_run) and (as_json or not sys.stdin.isatty()):
        raise click.UsageError("nobody is there to ask: give --yes to apply or --dry-run to look")
    with client_for(url, key) as client, output.errors():
        read = read_sheet(file, sheet=sheet, encoding=encoding)
        found = plan(read, fetch_state(client)) if read.rows else Plan(errors=list(read.errors))
        found.warnings = found.warnings or list(read.warnings)
        _show(output, found)
        if found.errors:
            output.emit({"ok": False, **_document(found)})
            raise SystemExit(EXIT_FAILED)
        if not dry_run and found.operations and not yes:
            click.confirm(output.words("应用这些更改吗？", "Apply these changes?"), abort=True, err=True)
        applied = None if dry_run or not found.operations else _apply(output, client, found)
        output.emit({"ok": True, "dry_run": dry_run, **_document(found, applied)})


def _apply(output: Output, client: ApiClient, found: Plan) -> Applied:
    total = len(found.operations)
    with output.progress(output.words("导入", "Importing"), total) as advance:
        applied = apply(client, found, advance)
    done = applied.items + applied.moves
    if applied.failed is not None:
        output.say(
            f"导入在 {applied.failed_sku} 处中断：{total} 步已完成 {done} 步。"
            "排除原因后再次运行同一命令即可补完，已完成的不会重复执行。",
            f"the import broke off at {applied.failed_sku}: {done} of {total} steps are done. "
            "Run the same command again when the cause is gone: it does only what is missing.",
            "bold red",
        )
        output.request_failed(applied.failed, sku=applied.failed_sku, **_document(found, applied))
    output.say(
        f"已导入：{applied.items} 个商品，{applied.moves} 次库存变动。",
        f"imported: {applied.items} items, {applied.moves} stock moves.",
        "bold green",
    )
    return applied


def _show(output: Output, found: Plan) -> None:
    words = output.words
    if show_problems(output, found.warnings, found.errors):
        return
    if found.items:
        columns = [words("商品编码", "sku"), words("更改", "change")]
        output.table(
            words("商品", "Items"), columns, [(item.sku, _changes(output, item)) for item in found.items]
        )
    if found.moves:
        columns = [
            words("商品编码", "sku"),
            words("从", "from"),
            words("到", "to"),
            words("数量", "quantity"),
        ]
        rows = [(move.sku, move.source, move.target, str(move.quantity)) for move in found.moves]
        output.table(words("库存", "Stock"), columns, rows)
    new = sum(item.is_new for item in found.items)
    changed, moves, same = len(found.items) - new, len(found.moves), len(found.unchanged)
    output.say(
        f"新增 {new}，修改 {changed}，库存变动 {moves}，无变化 {same}。",
        f"{new} new, {changed} changed, {moves} stock moves, {same} unchanged.",
        "bold",
    )


def _changes(output: Output, item: PutItem) -> str:
    def shown(name: str, value: str | int | None) -> str:
        if value is None:
            return "–"
        if name in ("price", "cost"):
            return f"{int(value) // 100}.{int(value) % 100:02d}"
        text = str(value)
        return text if len(text) <= _SHOWN_CHARACTERS_MAX else f"{text[:_SHOWN_CHARACTERS_MAX]}…"

    if item.is_new:
        parts = [
            shown(change.field, change.new) for change in item.changes if change.field in ("name", "variant")
        ]
        return output.words("新增 ", "new ") + " / ".join(parts)
    return "; ".join(
        f"{change.field}: {shown(change.field, change.old)} → {shown(change.field, change.new)}"
        for change in item.changes
    )


def _document(found: Plan, applied: Applied | None = None) -> dict[str, Any]:
    return {
        "items": [
            {
                "row": item.row,
                "sku": item.sku,
                "new": item.is_new,
                "changes": [
                    {"field": change.field, "old": change.old, "new": change.new} for change in item.changes
                ],
            }
            for item in found.items
        ],
        "moves": [{"row": move.row, **move.body()} for move in found.moves],
        "unchanged": len(found.unchanged),
        "errors": [problem.to_json() for problem in found.errors],
        "warnings": [problem.to_json() for problem in found.warnings],
        "applied": None
        if applied is None
        else {"items": applied.items, "moves": applied.moves, "replayed": applied.replayed},
    }


@click.command("export")
@click.argument("file", type=FILE)
@server_options
@target_options
@output_options
def export_items(
    file: Path,
    url: str,
    key: str | None,
    encoding: str,
    force: bool,
    as_json: bool,
    language: Language | None,
) -> None:
    """Export items and stock to .xlsx or .csv. 导出商品与库存。

    Importing the file again changes nothing. Bundles are left out. The headings are in the language of
    the messages.
    """
    output = Output(as_json=as_json, language=language)
    check_target(output, file, force)
    with client_for(url, key) as client, output.errors():
        state = fetch_state(client)
    items = state_items(state)
    with writing(output, file):
        count = write_sheet(
            items, file, language=output.language, channels=sorted(state.channels), encoding=encoding
        )
    bundles = len(state.items) - len(items)
    spoiled = codes_that_excel_spoils(items) if file.suffix.lower() != ".xlsx" else []
    _tell_export(output, file, count, bundles, spoiled)
    output.emit(
        {
            "ok": True,
            "file": str(file),
            "rows": count,
            "bundles_left_out": bundles,
            "codes_excel_spoils": spoiled,
        }
    )


def _tell_export(output: Output, file: Path, count: int, bundles: int, spoiled: list[str]) -> None:
    output.say(f"已导出 {count} 个商品到 {file}", f"exported {count} items to {file}", "bold green")
    if bundles:
        output.say(
            f"{bundles} 个组合装未导出：表格放不下其组成。",
            f"{bundles} bundles are not in it: a sheet has no room for their parts.",
            "yellow",
        )
    if spoiled:
        output.say(
            f"{len(spoiled)} 个编码（如 {spoiled[0]}）会被 Excel 改写；若要用 Excel 编辑，请导出为 .xlsx。",
            f"Excel would alter {len(spoiled)} codes (such as {spoiled[0]}); to edit there, export to .xlsx.",
            "yellow",
        )
