"""`holdfast listings`: what each item on a platform is, from and to CSV and Excel."""

import sys
from pathlib import Path
from typing import Any

import click

from holdfast.cli.client import ApiClient
from holdfast.cli.common import EXIT_FAILED
from holdfast.cli.output import Language, Output, client_for, output_options, server_options
from holdfast.cli.sheets.preview import show_problems
from holdfast.cli.sheets.target import FILE, check_target, target_options, writing
from holdfast.sheets.listings import ListingPlan, PutListing, read_listings, write

from .remote import Applied, apply, plan_with, try_out


@click.group()
def listings() -> None:
    """Map the items of platforms to ours. 商品链接映射。"""


@listings.command("import")
@click.argument("file", type=FILE)
@server_options
@click.option("--sheet", metavar="NAME", help="Sheet of the workbook; found out if not given.")
@click.option("--encoding", metavar="NAME", help="Encoding of the CSV; found out if not given.")
@click.option("--lower-counter", is_flag=True, help="Take off the counters what no stock covers.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@output_options
def import_listings(
    file: Path,
    url: str,
    key: str | None,
    sheet: str | None,
    encoding: str | None,
    lower_counter: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    language: Language | None,
) -> None:
    """Map listings and set their rules from CSV or Excel. 导入商品链接。

    Shows what will change before it changes anything; with one error in the file nothing changes. An empty
    cell leaves a rule as it is, 无 or none removes a bound.
    """
    output = Output(as_json=as_json, language=language)
    if not (yes or dry_run) and (as_json or not sys.stdin.isatty()):
        raise click.UsageError("nobody is there to ask: give --yes to apply or --dry-run to look")
    with client_for(url, key) as client, output.errors():
        read = read_listings(file, sheet=sheet, encoding=encoding)
        if read.lines:
            found = plan_with(client, read, lower_counter=lower_counter)
        else:
            found = ListingPlan(errors=list(read.errors), warnings=list(read.warnings))
        if not found.errors:
            with output.progress(output.words("核对", "Checking"), len(found.puts)) as advance:
                found.errors = try_out(client, found, advance)
        _show(output, found)
        if found.errors:
            output.emit({"ok": False, **_document(found)})
            raise SystemExit(EXIT_FAILED)
        if not dry_run and found.puts and not yes:
            click.confirm(output.words("应用这些更改吗？", "Apply these changes?"), abort=True, err=True)
        applied = None if dry_run or not found.puts else _apply(output, client, found)
        output.emit({"ok": True, "dry_run": dry_run, **_document(found, applied)})


def _apply(output: Output, client: ApiClient, found: ListingPlan) -> Applied:
    with output.progress(output.words("导入", "Importing"), len(found.puts)) as advance:
        applied = apply(client, found.puts, advance)
    if applied.failed is not None and applied.at is not None:
        total, done, where = len(found.puts), applied.done, f"{applied.at.channel} {applied.at.listing}"
        output.say(
            f"导入在 {where} 处中断：{total} 项已完成 {done} 项。排除原因后再次运行同一命令即可补完。",
            f"the import broke off at {where}: {done} of {total} are done. Run the same command again when "
            "the cause is gone: it does only what is missing.",
            "bold red",
        )
        output.request_failed(applied.failed, **_document(found, applied))
    output.say(f"已映射 {applied.done} 个商品链接。", f"mapped {applied.done} listings.", "bold green")
    return applied


def _show(output: Output, found: ListingPlan) -> None:
    words = output.words
    if show_problems(output, found.warnings, found.errors):
        return
    if found.puts:
        columns = [words("渠道", "channel"), words("商品链接", "listing"), words("更改", "change")]
        changes = [(put.channel, put.listing, _changes(output, put)) for put in found.puts]
        output.table(words("商品链接", "Listings"), columns, changes)
    new = sum(put.is_new for put in found.puts)
    changed, same = len(found.puts) - new, found.unchanged
    output.say(
        f"新增 {new}，修改 {changed}，无变化 {same}。",
        f"{new} new, {changed} changed, {same} unchanged.",
        "bold",
    )


def _changes(output: Output, put: PutListing) -> str:
    def shown(value: Any) -> str:
        return "–" if value is None or value == "" else str(value)

    if put.is_new:
        rest = [f"{name} {shown(new)}" for name, (_, new) in put.changes.items() if name != "sku"]
        return output.words("新增 → ", "new → ") + "; ".join([put.body["sku"], *rest])
    return "; ".join(f"{name}: {shown(old)} → {shown(new)}" for name, (old, new) in put.changes.items())


def _document(found: ListingPlan, applied: Applied | None = None) -> dict[str, Any]:
    return {
        "listings": [
            {
                "row": put.row,
                "channel": put.channel,
                "listing": put.listing,
                "new": put.is_new,
                "changes": [
                    {"field": name, "old": old, "new": new} for name, (old, new) in put.changes.items()
                ],
            }
            for put in found.puts
        ],
        "unchanged": found.unchanged,
        "errors": [problem.to_json() for problem in found.errors],
        "warnings": [problem.to_json() for problem in found.warnings],
        "applied": None if applied is None else applied.done,
    }


@listings.command("export")
@click.argument("file", type=FILE)
@server_options
@target_options
@output_options
def export_listings(
    file: Path,
    url: str,
    key: str | None,
    encoding: str,
    force: bool,
    as_json: bool,
    language: Language | None,
) -> None:
    """Export listings and rules to .xlsx or .csv. 导出商品链接。

    Importing the file again changes nothing.
    """
    output = Output(as_json=as_json, language=language)
    check_target(output, file, force)
    with client_for(url, key) as client, output.errors():
        items = list(client.pages("/v1/listings"))
    with writing(output, file):
        count = write(items, file, language=output.language, encoding=encoding)
    output.say(f"已导出 {count} 个商品链接到 {file}", f"exported {count} listings to {file}", "bold green")
    output.emit({"ok": True, "file": str(file), "rows": count})


@listings.command("list")
@click.option("--channel", metavar="NAME", help="Only this channel's.")
@click.option("--sku", metavar="CODE", help="Only those that sell this item.")
@server_options
@output_options
def list_listings(
    channel: str | None,
    sku: str | None,
    url: str,
    key: str | None,
    as_json: bool,
    language: Language | None,
) -> None:
    """Show the listings with their rights. 查看商品链接与配额。"""
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        items = [
            item
            for item in client.pages("/v1/listings")
            if channel in (None, item["channel"]) and sku in (None, item["sku"])
        ]
    words = output.words
    columns = [
        words("渠道", "channel"),
        words("商品链接", "listing"),
        words("商品编码", "sku"),
        words("配额", "right"),
        words("规则", "rule"),
    ]
    rows = [
        (
            item["channel"],
            item["listing"],
            item["sku"],
            "…" if item["right"] is None else str(item["right"]),
            ", ".join(
                f"{name} {value}" for name, value in item["rule"].items() if value not in (None, False)
            ),
        )
        for item in items
    ]
    output.table(words("商品链接", "Listings"), columns, rows)
    output.emit({"items": items})
