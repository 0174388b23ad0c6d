"""`holdfast bench`: how fast a running server decides, on this machine, now."""

import secrets
import urllib.parse
from collections.abc import Iterator

import click
import msgspec

from .client import ApiClient, path_of
from .loadclient import Answer, LoadResult, Request, RequestBuilder, run_blocking, run_load
from .output import Language, Output, client_for, output_options, server_options

CHANNEL = "bench"


@click.command()
@server_options
@click.option(
    "--requests",
    type=click.IntRange(1, 10_000_000),
    default=20_000,
    show_default=True,
    help="Holds to place.",
)
@click.option(
    "--connections", type=click.IntRange(1, 1_024), default=64, show_default=True, help="Connections at once."
)
@output_options
def bench(
    url: str, key: str | None, requests: int, connections: int, as_json: bool, language: Language | None
) -> None:
    """Place holds on an item of its own as fast as a server takes them. 压测一台正在运行的服务。

    Leaves the item `bench-…`, the channel `bench` and the holds behind, which expire by themselves: not for
    a store you sell from.
    """
    output = Output(as_json=as_json, language=language)
    tag = secrets.token_hex(4)
    sku = f"bench-{tag}"
    with client_for(url, key) as client, output.errors():
        _prepare(client, sku, requests)
        address = urllib.parse.urlsplit(url)
        host, port = address.hostname or "127.0.0.1", address.port or 80
        builder = RequestBuilder(host, port, key)
        with output.progress(output.words("压测", "bench"), requests) as advance:

            def count(_: Answer) -> None:
                advance(1)

            holds = _holds(builder, sku, tag, requests)
            result = run_blocking(run_load(host, port, connections, holds, count))
        held = client.get(path_of("v1", "stock", sku))["held"]
    _tell(output, result, held)


def _prepare(client: ApiClient, sku: str, units: int) -> None:
    client.put(path_of("v1", "channels", CHANNEL), {"platform": "shop", "name": CHANNEL})
    client.put(path_of("v1", "skus", sku), {"name": sku})
    body = {"id": f"{sku}-stock", "sku": sku, "from": "supplier", "to": f"channel:{CHANNEL}"}
    client.post(path_of("v1", "transfers"), body | {"quantity": units, "reason": "bench"})


def _holds(builder: RequestBuilder, sku: str, tag: str, count: int) -> Iterator[Request]:
    for number in range(count):
        body = {
            "id": f"{tag}-{number:08d}",
            "channel": CHANNEL,
            "buyer": f"{tag}-{number:08d}",
            "lines": [{"sku": sku, "quantity": 1}],
            "ttl_s": 60,
        }
        yield builder.build("POST", "/v1/holds", msgspec.json.encode(body))


def _tell(output: Output, result: LoadResult, held: int) -> None:
    document = result.to_json() | {"held_on_file": held}
    placed = result.by_status[201]
    output.table(
        output.words("压测结果", "Bench"),
        (output.words("项目", "what"), output.words("数值", "value")),
        [
            (output.words("已落盘", "placed and durable"), f"{placed:,}"),
            (output.words("每秒", "a second"), f"{result.rate:,.0f}"),
            ("p50", f"{result.percentile_ms(50):.2f} ms"),
            ("p99", f"{result.percentile_ms(99):.2f} ms"),
            (output.words("账上预占", "held on file"), f"{held:,}"),
        ],
    )
    if placed == held == result.taken:
        output.emit({"ok": True, **document})
        return
    output.fail(
        "bench_mismatch",
        f"发出 {result.taken}，成功 {placed}，账上 {held}：不一致",
        f"sent {result.taken}, placed {placed}, on file {held}: these should be the same",
        **document,
    )
