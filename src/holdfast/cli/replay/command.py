"""`holdfast replay FILE`: a real order export, played against a running server."""

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from holdfast.cli.client import ApiClient
from holdfast.cli.common import EXIT_FAILED
from holdfast.cli.loadclient import RequestBuilder, ServerUnreachableError, run_blocking, run_load
from holdfast.cli.orders import SheetError, read_orders
from holdfast.cli.output import Language, Output, client_for, output_options, server_options
from holdfast.ledger.accounts import QUANTITY_MAX

from .compare import Balances, Difference, compare
from .plan import Expected, Playbook
from .player import Player

CONNECTIONS = 16
SPEED_MIN, SPEED_MAX = 1.0, 1_000.0


def _speed(_: click.Context, __: click.Parameter, text: str) -> float | None:
    """A number, or `max`, which is None."""
    if text == "max":
        return None
    with suppress(ValueError):
        speed = float(text)
        if SPEED_MIN <= speed <= SPEED_MAX:
            return speed
    raise click.BadParameter(f"{text!r} is neither a number from 1 to 1000 nor max")


def _stock(_: click.Context, __: click.Parameter, text: str) -> int | None:
    """A number of units, or `auto`, which is None."""
    if text == "auto":
        return None
    if text.isdecimal() and int(text) <= QUANTITY_MAX:
        return int(text)
    raise click.BadParameter(f"{text!r} is neither a number of units nor auto")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@server_options
@click.option(
    "--speed", callback=_speed, default="max", metavar="N|max", help="Times as fast as it was, 1 to 1000."
)
@click.option(
    "--stock", callback=_stock, default="auto", metavar="N|auto", help="Units of each item; what is needed."
)
@click.option("--channel", default="replay", show_default=True, help="Where to sell; one for each file.")
@output_options
def replay(
    file: Path,
    url: str,
    key: str | None,
    speed: float | None,
    stock: int | None,
    channel: str,
    as_json: bool,
    language: Language | None,
) -> None:
    """Play an order export against a server and compare every balance. 回放订单。

    Orders are placed and paid, what was cancelled comes back. Running it again changes nothing.
    """
    output = Output(as_json=as_json, language=language)
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise click.UsageError("replay speaks plain http: give --url http://HOST:PORT")
    with client_for(url, key) as client, output.errors():
        try:
            orders = read_orders(file)
        except SheetError as error:
            output.fail(error.problem.code, error.problem.text("zh"), error.problem.text("en"))
        book = Playbook(orders)
        if not book.events:
            output.fail("no_orders", "文件中没有可回放的订单。", "the file has no order to play.")
        output.say(
            f"{len(book.events)} 个订单与取消，{len(book.skus)} 个商品；{len(orders.odd_lines)} 行异常",
            f"{len(book.events)} orders and cancellations of {len(book.skus)} items; "
            f"{len(orders.odd_lines)} odd lines",
        )
        before = Balances(client.pages("/v1/stock"))
        builder = RequestBuilder(parts.hostname, parts.port or 80, key)
        with output.progress(output.words("回放", "Playing"), len(book.events)) as advance:
            player = Player(book, builder, channel, advance)
            try:
                figures = _play(client, player, (parts.hostname, parts.port or 80), speed, stock)
            except ServerUnreachableError as error:
                output.fail("unreachable", str(error), str(error))
        after = Balances(client.pages("/v1/stock"))
    expected = book.expected(player.refused)
    supplied = {sku: book.needed[sku] if stock is None else stock for sku in book.skus}
    differences = compare(expected, supplied, channel, before, after, player.returned_fresh)
    document = _document(player, expected, differences, orders.odd_counts(), figures)
    _show(output, document, differences, player)
    output.emit(document)
    if not document["ok"]:
        raise SystemExit(EXIT_FAILED)


def _play(
    client: ApiClient, player: Player, where: tuple[str, int], speed: float | None, stock: int | None
) -> dict[str, Any]:
    client.put(f"/v1/channels/{player.channel}", {"platform": "replay", "name": "回放 replay"})
    missing = set(player.book.skus) - {item["sku"] for item in client.pages("/v1/skus")}
    stage = run_blocking(run_load(*where, CONNECTIONS, player.stage(missing, stock), player.on_stage(stock)))
    if player.failure_count or stage.aborted:
        return {"aborted": stage.aborted or "the stage could not be set"}
    return run_blocking(run_load(*where, CONNECTIONS, player.events(speed), player.on_event)).to_json()


def _document(
    player: Player,
    expected: dict[str, Expected],
    differences: list[Difference],
    odd_lines: dict[str, int],
    figures: dict[str, Any],
) -> dict[str, Any]:
    refused: dict[str, int] = {}
    for code in player.refused.values():
        refused[code] = refused.get(code, 0) + 1
    return {
        "ok": not (differences or player.failure_count or figures["aborted"]),
        "events": len(player.book.events),
        "items": len(expected),
        "units_sold": sum(item.sold for item in expected.values()),
        "units_back": sum(item.returned_ours for item in expected.values()),
        "units_back_from_before": sum(item.returned_others for item in expected.values()),
        "commands_done": player.fresh,
        "commands_repeated": player.replayed,
        "refused": refused,
        "odd_lines": odd_lines,
        "items_equal": len(expected) - len({difference.sku for difference in differences}),
        "differences": [asdict(difference) for difference in differences],
        "failure_count": player.failure_count,
        "failures": player.failures,
        "load": figures,
    }


def _show(output: Output, document: dict[str, Any], differences: list[Difference], player: Player) -> None:
    words = output.words
    rows = [
        (words("订单与取消", "orders and cancellations"), document["events"]),
        (words("售出件数", "units sold"), document["units_sold"]),
        (words("退回可售", "units back on the shelf"), document["units_back"]),
        (words("退回（此前售出）", "units back that were sold before"), document["units_back_from_before"]),
        (words("执行的命令", "commands done"), document["commands_done"]),
        (words("重复而未再执行", "commands repeated, nothing done"), document["commands_repeated"]),
        *((words(f"被拒 {code}", f"refused {code}"), count) for code, count in document["refused"].items()),
        (words("商品", "items compared"), document["items"]),
        (words("余额一致", "items equal"), document["items_equal"]),
    ]
    output.table(
        words("对账", "Comparison"),
        ["", words("数量", "count")],
        [(name, f"{count:,}") for name, count in rows],
    )
    if differences:
        output.table(
            words("差异", "Differences"),
            [
                words("商品编码", "sku"),
                words("账户", "account"),
                words("应为", "expected"),
                words("实为", "found"),
            ],
            [(d.sku, d.account, str(d.expected), str(d.found)) for d in differences],
        )
    for failure in player.failures:
        output.say(failure, failure, "red")
    if document["load"]["aborted"]:
        output.say(document["load"]["aborted"], document["load"]["aborted"], "red")
    if document["ok"]:
        output.say(
            "每个商品的余额都与文件一致。", "every item's balance is what the file says.", "bold green"
        )
    else:
        output.say("余额与文件不一致。", "the balances are not what the file says.", "bold red")
