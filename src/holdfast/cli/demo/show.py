"""The whole demo in order: server, stage, crowd, proof."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from rich.console import Console

from holdfast.cli.client import ApiClient, path_of

from .feed import ChannelStock, FeedWatcher, stock_of
from .picture import Picture
from .proof import Proof, Witness, prove
from .script import Script
from .server_process import COMMAND, ServerProcess, clean_environment
from .stage import BUYERS_KEY, CHANNEL, HERO, WATCHER_KEY, fsync_ms, make_key, set_stage

VERIFY_TIMEOUT_S = 120
BUYERS_END_TIMEOUT_S = 10


class DemoFailed(Exception):
    """The demo could not be played to its end, so that there is nothing to prove."""


class Wishes(msgspec.Struct, frozen=True):
    """What the user asked for."""

    buyers: int
    stock: int
    connections: int
    seed: int


class Outcome(msgspec.Struct, frozen=True):
    """What the demo came to."""

    proof: Proof
    report: dict[str, Any]
    verify: dict[str, Any]
    items: int
    feed_events: int
    fsync_ms: float
    took_s: float


def play_demo(wishes: Wishes, folder: Path, console: Console) -> Outcome:
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
                report = _play_buyers(script, picture)
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


def _play_buyers(script: Script, picture: Picture) -> dict[str, Any]:
    with _buyers_process(script) as (process, errors):
        report: dict[str, Any] | None = None
        assert process.stdout is not None
        for line in process.stdout:
            said = msgspec.json.decode(line)
            if said["phase"] == "done":
                report = said["report"]
            else:
                picture.update(said)
        code = process.wait(BUYERS_END_TIMEOUT_S)
    if code != 0 or report is None:
        last = b"".join(errors).decode(errors="replace").strip().splitlines()[-1:]
        raise DemoFailed(f"the buyers' process ended with {code}: {' '.join(last) or 'it said nothing'}")
    return report


@contextmanager
def _buyers_process(script: Script) -> Iterator[tuple[subprocess.Popen[bytes], list[bytes]]]:
    """The crowd's own process; what it writes to standard error is read beside, so that it never waits."""
    errors: list[bytes] = []
    process = subprocess.Popen(
        [sys.executable, "-m", "holdfast.cli.demo.buyers"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    )
    assert process.stdin is not None
    assert process.stderr is not None
    reader = threading.Thread(target=errors.extend, args=(process.stderr,), daemon=True)
    try:
        reader.start()
        with process.stdin as pipe:
            pipe.write(msgspec.json.encode(script))
        yield process, errors
        reader.join(1)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def run_verify(store_url: str) -> dict[str, Any]:
    """`holdfast verify --json` on the stopped server's store, as a process of its own."""
    result = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [*COMMAND, "verify", "--store", store_url, "--json"],
        capture_output=True,
        timeout=VERIFY_TIMEOUT_S,
        check=False,
        env=clean_environment(),
    )
    try:
        document = json.loads(result.stdout)
    except ValueError:
        document = {"error": result.stderr.decode(errors="replace")[-500:]}
    return {**document, "ok": bool(document.get("ok")) and result.returncode == 0}


def _prove(
    wishes: Wishes, report: dict[str, Any], stock: ChannelStock, watcher: FeedWatcher, verify: dict[str, Any]
) -> Proof:
    witness = Witness(report, stock, watcher.latest, watcher.lowest_available, watcher.most_taken, verify)
    return prove(wishes.stock, wishes.buyers, witness)
