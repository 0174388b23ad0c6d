"""`holdfast show …`: look at shows, read a rundown from a file, and run a show from the terminal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import click

from holdfast.cli.client import path_of
from holdfast.cli.common import EXIT_FAILED
from holdfast.cli.output import Language, Output, client_for, output_options, server_options

F = TypeVar("F", bound=Callable[..., Any])

_STATUS = {"planned": ("待播", "planned"), "live": ("直播中", "LIVE"), "ended": ("已结束", "ended")}
_LEVEL_STYLE = {"error": "bold red", "warning": "yellow", "ok": "green"}


@click.group()
def show() -> None:
    """Plan and run shows. 场次与排品。"""


def _options(function: F) -> F:
    """The server and the output, as every command here takes them."""
    return server_options(output_options(function))


def _id_option(function: F) -> F:
    return click.option(
        "--id",
        "id",
        metavar="ID",
        help="The request's id: the same again does nothing. By default a new one.",
    )(function)


@show.command("list")
@_options
def list_shows(url: str, key: str | None, as_json: bool, language: Language | None) -> None:
    """List all shows. 查看场次。"""
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        items = client.get("/v1/shows")["items"]
    words = output.words
    columns = (
        words("场次", "show"),
        words("名称", "name"),
        words("状态", "state"),
        words("开始", "starts"),
        words("商品", "items"),
        words("正在讲", "on air"),
    )
    output.table(words("场次", "Shows"), columns, [_row(output, each) for each in items])
    output.emit({"items": items})


def _row(output: Output, document: dict[str, Any]) -> tuple[str, ...]:
    return (
        document["id"],
        document["name"],
        output.words(*_STATUS[document["status"]]),
        document["starts_at"],
        str(len(document["items"])),
        document["current"] or "–",
    )


@show.command("import")
@click.argument("name", metavar="SHOW")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", is_flag=True, help="Change the show; without it only say what would change.")
@_options
def import_rundown(
    name: str, file: Path, apply: bool, url: str, key: str | None, as_json: bool, language: Language | None
) -> None:
    """Read a show's rundown from an Excel or CSV file. 导入排品。

    Exit 1 if the file has problems; then nothing is changed.
    """
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        path = path_of("v1", "shows", name, "rundown")
        plan = client.upload(path, file.read_bytes(), apply="true" if apply else "false").body
    for problem in plan["problems"]:
        place = (f"第 {problem['row']} 行：", f"row {problem['row']}: ")
        output.say(place[0] + problem["message_zh"], place[1] + problem["message"], "bold red")
    added, removed, total = len(plan["added"]), len(plan["removed"]), len(plan["items"])
    done = output.words("已导入", "applied") if plan["applied"] else output.words("未导入", "not applied")
    output.say(
        f"{done}：共 {total} 个商品，新增 {added}，移除 {removed}。",
        f"{done}: {total} items, {added} added, {removed} removed.",
    )
    output.emit(plan)
    if plan["problems"]:
        raise SystemExit(EXIT_FAILED)


@show.command()
@click.argument("name", metavar="SHOW")
@_options
def preflight(name: str, url: str, key: str | None, as_json: bool, language: Language | None) -> None:
    """Look whether a show can start. 开播检查。

    Exit 1 if it finds an error.
    """
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        found = client.post(path_of("v1", "shows", name, "preflight"), {}).body
    for finding in found["findings"]:
        zh, en = (
            f"{finding[f'words{suffix}']}"
            + (f" — {advice}" if (advice := finding[f"advice{suffix}"]) else "")
            for suffix in ("_zh", "")
        )
        output.say(f"{finding['code']}：{zh}", f"{finding['code']}: {en}", _LEVEL_STYLE[finding["level"]])
    output.emit(found)
    if not found["ok"]:
        raise SystemExit(EXIT_FAILED)


@show.command()
@click.argument("name", metavar="SHOW")
@click.option(
    "--overrule",
    multiple=True,
    metavar="CODE=REASON",
    help="An error of the preflight that you take upon yourself; may be repeated.",
)
@_id_option
@_options
def start(
    name: str,
    overrule: tuple[str, ...],
    id: str | None,
    url: str,
    key: str | None,
    as_json: bool,
    language: Language | None,
) -> None:
    """Start a show: its reserves are kept back. 开播。"""
    reasons = {}
    for each in overrule:
        code, equals, reason = each.partition("=")
        if not (equals and reason):
            raise click.BadParameter(f"{each!r} is not CODE=REASON", param_hint="--overrule")
        reasons[code] = reason
    _step(name, "start", id, Output(as_json=as_json, language=language), url, key, overrule=reasons)


@show.command("next")
@click.argument("name", metavar="SHOW")
@_id_option
@_options
def next_item(
    name: str, id: str | None, url: str, key: str | None, as_json: bool, language: Language | None
) -> None:
    """Go on to the next item. 下一个商品。"""
    _step(name, "next", id, Output(as_json=as_json, language=language), url, key)


@show.command()
@click.argument("name", metavar="SHOW")
@_id_option
@_options
def end(
    name: str, id: str | None, url: str, key: str | None, as_json: bool, language: Language | None
) -> None:
    """End a show: what is left of its reserves goes back. 下播。"""
    _step(name, "end", id, Output(as_json=as_json, language=language), url, key)


def _step(
    name: str, step: str, id: str | None, output: Output, url: str, key: str | None, **body: Any
) -> None:
    with client_for(url, key) as client, output.errors():
        path = path_of("v1", "shows", name, step)
        document = client.post(path, {"id": id or f"cli-{uuid4().hex}", **body}).body
    zh, en = _STATUS[document["status"]]
    current = document["current"] or "–"
    output.say(f"{name}：{zh}，正在讲 {current}", f"{name}: {en}, on air: {current}")
    for sold in document["results"] or ():
        output.say(
            f"  {sold['sku']} · {sold['channel']}：售出 {sold['units']} 件",
            f"  {sold['sku']} · {sold['channel']}: {sold['units']} sold",
        )
    output.emit(document)
