"""Without HTTP: the engine alone, and the batch call through our own load client's cheapest way."""

import asyncio
import json
import time
import urllib.request
from pathlib import Path

from holdfast.engine.engine import Engine
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.commands import PlaceHold, PostTransfer, PutChannel, PutSku
from holdfast.ledger.records import Limits
from holdfast.storage.sqlite import SqliteStore

from .services import HOST, KEY, STOCK


def engine_rate(folder: Path, seconds: float, limits: bool, chunk: int = 1_000) -> float:
    """Durable decisions a second when callers keep `chunk` commands waiting."""
    return asyncio.run(
        _engine_rate(folder / f"engine-{limits}-{time.monotonic_ns()}.db", seconds, limits, chunk)
    )


async def _engine_rate(path: Path, seconds: float, limits: bool, chunk: int) -> float:
    engine = Engine(SqliteStore(path))
    await engine.start()
    rule = Limits("bench", 5, 5, 5) if limits else None
    await engine.submit([PutChannel("shop", "shop", "shop", "bench")])
    await engine.submit([PutSku("SKU-0", "SKU-0", "bench", limits=rule)])
    kinds = (AccountKind.SUPPLIER, "", AccountKind.CHANNEL, "shop")
    await engine.submit([PostTransfer("seed", "SKU-0", *kinds, STOCK, "bench", "bench")])
    done, started = 0, time.perf_counter()
    while (took := time.perf_counter() - started) < seconds:
        numbers = range(done, done + chunk)
        holds = [PlaceHold(f"h{n:012d}", "shop", f"b{n}", (("SKU-0", 1),), "bench") for n in numbers]
        decisions = await engine.submit(holds)
        assert all(decision.code == "placed" for decision in decisions)
        done += chunk
    await engine.stop()
    return done / took


def batch_rate(port: int, seconds: float, tag: str, size: int = 1_000) -> float:
    """Decisions a second through `POST /v1/holds/batch`, one caller, one call after the other."""
    done, spent = 0, 0.0
    while spent < seconds:
        lines = [{"sku": "SKU-0", "quantity": 1}]
        numbers = range(done, done + size)
        holds = [
            {"id": f"{tag}{n:012d}", "channel": "shop", "buyer": f"{tag}{n}", "lines": lines} for n in numbers
        ]
        request = urllib.request.Request(
            f"http://{HOST}:{port}/v1/holds/batch",
            data=json.dumps({"holds": holds}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"},
        )
        started = time.perf_counter()
        with urllib.request.urlopen(request, timeout=60) as answer:
            body = answer.read()
        spent += time.perf_counter() - started
        assert body.count(b'"placed"') == size
        done += size
    return done / spent
