"""The whole act in order: server, stage, crowd, proof."""

from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from rich.console import Console

from holdfast.cli.client import ApiClient, path_of

from ..child import play_crowd, run_verify
from ..keys import BUYERS_KEY, WATCHER_KEY, make_key
from ..server_process import ServerProcess
from .feed import ChannelStock, FeedWatcher, stock_of
from .picture import Picture
from .proof import Proof, Witness, prove
from .script import Script
from .stage import CHANNEL, HERO, fsync_ms, set_stage

BUYERS = "holdfast.cli.demo.burst.buyers"


class Wishes(msgspec.Struct, frozen=True):
    """What the user asked for."""

    buyers: int
    stock: int
    connections: int
    seed: int


class Outcome(msgspec.Struct, frozen=True):
    """What the act came to."""

    proof: Proof
    report: dict[str, Any]
    verify: dict[str, Any]
    items: int
    feed_events: int
    fsync_ms: float
    took_s: float


def play_burst(wishes: Wishes, folder: Path, console: Console) -> Outcome:
    """Play it in a folder of its own; raises DemoFailed, RequestFailed, ServerFailed or StageError."""
    started = perf_counter()
    probe_ms = fsync_ms(folder)
    with ServerProcess(folder) as server:
        console.print(
            f"Server 服务: {server.url}   reference 文档: {server.url}/docs", highlight=False, soft_wrap=True
        )
        console.print(
            f"Store 存储: {server.store_url}   (fsync {probe_ms:.2f} ms)", highlight=False, soft_wrap=True
        )
        with ApiClient(server.url, server.key) as client:
            items, limit = set_stage(client, wishes.stock)
            script = _script(wishes, server, make_key(client, BUYERS_KEY, "integration"), limit)
            watcher = FeedWatcher(server.url, make_key(client, WATCHER_KEY, "viewer"), HERO, CHANNEL)
            _announce(console, wishes, items)
            watcher.start()
            with Picture(console, watcher, wishes.stock) as picture:
                report = play_crowd(BUYERS, script, picture.update)
                stock = stock_of(client.get(path_of("v1", "stock", HERO)), CHANNEL)
                watcher.wait_for(stock.version)
        server.stop()
    verify = run_verify(server.store_url)
    proof = _prove(wishes, report, stock, watcher, verify)
    took_s = perf_counter() - started
    return Outcome(proof, report, verify, items, watcher.events, probe_ms, took_s)


def _script(wishes: Wishes, server: ServerProcess, key: str, limit: int) -> Script:
    host, port = server.host_and_port
    return Script(
        host=host,
        port=port,
        key=key,
        channel=CHANNEL,
        sku=HERO,
        limit=limit,
        stock=wishes.stock,
        buyers=wishes.buyers,
        connections=wishes.connections,
        seed=wishes.seed,
    )


def _announce(console: Console, wishes: Wishes, items: int) -> None:
    console.print(
        f"{items} items imported 已导入商品; {wishes.buyers:,} buyers 买家 reach for "
        f"{wishes.stock:,} units 件 of {HERO} over {wishes.connections} connections 连接; "
        f"seed 种子 {wishes.seed}\n",
        highlight=False,
        soft_wrap=True,
    )


def _prove(
    wishes: Wishes, report: dict[str, Any], stock: ChannelStock, watcher: FeedWatcher, verify: dict[str, Any]
) -> Proof:
    witness = Witness(report, stock, watcher.latest, watcher.lowest_available, watcher.most_taken, verify)
    return prove(wishes.stock, wishes.buyers, witness)
