"""`holdfast drop …`: units set aside, put on sale at an exact time and taken back, from the terminal."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click

from holdfast.cli.client import path_of
from holdfast.cli.output import Language, Output, client_for, output_options, server_options

F = TypeVar("F", bound=Callable[..., Any])

_STATUS = {
    "planned": ("待锁定", "planned"),
    "locked": ("已锁定", "locked"),
    "open": ("开售中", "OPEN"),
    "closing": ("正在收回", "closing"),
    "closed": ("已收回", "closed"),
    "cancelled": ("已取消", "cancelled"),
}


_LIMITS = {
    "per_order": ("每单", "order"),
    "per_buyer": ("每人", "buyer"),
    "per_buyer_across_channels": ("跨渠道每人", "buyer, all channels"),
}


def _time(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A time in ISO 8601; without a zone it is the time of this machine."""
    try:
        return value and datetime.fromisoformat(value).astimezone().isoformat()
    except ValueError as error:
        words = f"{value!r} is not a time such as 2026-11-11T20:00:00+08:00"
        raise click.BadParameter(words, context, parameter) from error


def _shares(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    """CHANNEL=UNITS, each channel once."""
    found: dict[str, int] = {}
    for value in values:
        channel, _, units = value.partition("=")
        if not (channel and units.isdecimal() and int(units) > 0):
            raise click.BadParameter(f"{value!r} is not CHANNEL=UNITS, such as shop=300", context, parameter)
        if channel in found:
            raise click.BadParameter(f"name each channel once; {channel} is there twice", context, parameter)
        found[channel] = int(units)
    return found


@click.group()
def drop() -> None:
    """Set units aside and sell them at an exact time. 分时投放。"""


def _options(function: F) -> F:
    """The server and the output, as every command here takes them."""
    return server_options(output_options(function))


@drop.command("list")
@click.option("--sku", metavar="SKU", help="Only drops of this item.")
@click.option("--status", type=click.Choice(list(_STATUS)), help="Only drops that stand there.")
@_options
def list_drops(
    sku: str | None, status: str | None, url: str, key: str | None, as_json: bool, language: Language | None
) -> None:
    """List drops, the first to open first. 查看投放。"""
    output = Output(as_json=as_json, language=language)
    wanted = {name: value for name, value in (("sku", sku), ("status", status)) if value}
    with client_for(url, key) as client, output.errors():
        items = client.get("/v1/drops", **wanted)["items"]
    words = output.words
    columns = (
        words("投放", "drop"),
        words("商品", "item"),
        words("状态", "state"),
        words("渠道配额", "channels"),
        words("限购", "limits"),
        words("开售", "opens"),
        words("收回", "closes"),
        words("已售", "sold"),
        words("已收回件数", "returned"),
    )
    output.table(words("分时投放", "Drops"), columns, [_row(output, each) for each in items])
    output.emit({"items": items})


def _row(output: Output, document: dict[str, Any]) -> tuple[str, ...]:
    return (
        document["id"],
        document["sku"],
        output.words(*_STATUS[document["status"]]),
        " ".join(f"{name}={units}" for name, units in sorted(document["channels"].items())),
        _limits(output, document),
        document["opens_at"],
        document["closes_at"] or "–",
        str(document["sold"]),
        str(document["returned"]),
    )


def _limits(output: Output, document: dict[str, Any]) -> str:
    """What its window limits; a person's edit in between is said, for it stands instead."""
    limits, gate = document["limits"] or {}, document["ticket_gate"]
    parts = [f"{output.words(*words)}≤{limits[name]}" for name, words in _LIMITS.items() if limits.get(name)]
    parts += [output.words(f"凭券 {gate}", f"ticket {gate}")] if gate else []
    parts += [output.words("（已被人工修改）", "(overruled by hand)")] if document["limits_overruled"] else []
    return " ".join(parts) or "–"


@drop.command()
@click.argument("name", metavar="DROP")
@click.argument("sku", metavar="SKU")
@click.argument("units", metavar="CHANNEL=UNITS...", callback=_shares, nargs=-1, required=True)
@click.option("--opens-at", callback=_time, required=True, metavar="TIME", help="When it goes on sale.")
@click.option("--closes-at", callback=_time, metavar="TIME", help="When the rest is taken back.")
@click.option("--carry-to", metavar="DROP", help="The locked drop that gets the rest.")
@click.option("--stay", is_flag=True, help="The rest stays with its channel.")
@click.option(
    "--per-order", type=click.IntRange(1), metavar="UNITS", help="Most in one order, in its window."
)
@click.option("--per-buyer", type=click.IntRange(1), metavar="UNITS", help="Most for a buyer on a channel.")
@click.option("--per-buyer-across", type=click.IntRange(1), metavar="UNITS", help="Most over all channels.")
@click.option("--gate", metavar="GATE", help="Sell only to who has a ticket of this gate.")
@click.option("--plan-only", is_flag=True, help="Do not lock the units yet.")
@_options
def add(
    name: str,
    sku: str,
    units: dict[str, int],
    opens_at: str,
    closes_at: str | None,
    carry_to: str | None,
    stay: bool,
    per_order: int | None,
    per_buyer: int | None,
    per_buyer_across: int | None,
    gate: str | None,
    plan_only: bool,
    url: str,
    key: str | None,
    as_json: bool,
    language: Language | None,
) -> None:
    """Plan a drop and lock its units. 新建并锁定。"""
    if stay and carry_to:
        raise click.UsageError("the rest either stays or is carried over: --stay or --carry-to")
    body = {
        "sku": sku,
        "channels": units,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "leftover": "carry" if carry_to else "stay" if stay else "return",
        "carry_to": carry_to,
        "limits": {
            "per_order": per_order,
            "per_buyer": per_buyer,
            "per_buyer_across_channels": per_buyer_across,
        },
        "ticket_gate": gate,
        "lock": not plan_only,
    }
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        _tell(output, client.put(path_of("v1", "drops", name), body).body)


def _step(step: str, summary: str) -> None:
    """Add the command of one step."""

    @drop.command(step, help=summary)
    @click.argument("name", metavar="DROP")
    @_options
    def command(name: str, url: str, key: str | None, as_json: bool, language: Language | None) -> None:
        output = Output(as_json=as_json, language=language)
        with client_for(url, key) as client, output.errors():
            _tell(output, client.post(path_of("v1", "drops", name, step), {}).body)


_step("lock", "Lock a planned drop's units. 锁定。")
_step("open", "Open a locked drop now. 立即开售。")
_step("close", "Close an open drop now; the rest goes where the drop says. 立即收回。")
_step("cancel", "Give up a drop that has not opened; its units come back. 取消。")


@drop.command()
@click.argument("name", metavar="DROP")
@click.argument("opens_at", metavar="TIME", callback=_time)
@_options
def postpone(
    name: str, opens_at: str, url: str, key: str | None, as_json: bool, language: Language | None
) -> None:
    """Open a drop at another time. 改期。"""
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        path = path_of("v1", "drops", name, "postpone")
        _tell(output, client.post(path, {"opens_at": opens_at}).body)


def _tell(output: Output, document: dict[str, Any]) -> None:
    name, units, returned = document["id"], document["quantity"], document["returned"]
    zh, en = _STATUS[document["status"]]
    opens_at = datetime.fromisoformat(document["opens_at"]).astimezone().isoformat(sep=" ")
    output.say(
        f"{name}：{zh}，共 {units} 件，{opens_at} 开售，收回 {returned} 件",
        f"{name}: {en}, {units} units, opens {opens_at}, {returned} returned",
    )
    output.emit(document)
