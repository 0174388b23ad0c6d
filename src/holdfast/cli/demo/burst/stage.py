"""The stage of the demo: channel, items, and the hero's units where the buyers reach for them."""

import os
import statistics
import time
from dataclasses import replace
from pathlib import Path

from holdfast.cli.client import ApiClient, path_of
from holdfast.cli.data import demo_items
from holdfast.cli.data.drawings import drawing
from holdfast.cli.sheets.remote import apply, fetch_state
from holdfast.sheets import plan, read_sheet

CHANNEL = "shop"
HERO = "HERO-001"
_FSYNCS = 15


class StageError(Exception):
    """The stage could not be set; the message says why."""


def set_stage(client: ApiClient, stock: int) -> tuple[int, int]:
    """Import the items, give the channel its units; gives back how many items, and the hero's limit."""
    client.put(f"/v1/channels/{CHANNEL}", {"platform": "shop", "name": "自营小店 Own shop"})
    with demo_items() as path:
        sheet = read_sheet(path)
    rows = tuple(replace(row, image_url=drawing(row.sku)) for row in sheet.rows)
    found = plan(replace(sheet, rows=rows), fetch_state(client))
    if found.errors:
        raise StageError("; ".join(error.text("en") for error in found.errors))
    applied = apply(client, found)
    if applied.failed is not None:
        raise applied.failed
    limits = client.get(path_of("v1", "skus", HERO))["limits"] or {}
    limit = limits.get("per_order")
    if not limit or limits.get("per_buyer") != limit:
        raise StageError(f"{HERO} needs one limit for each order and each buyer, for the limit-breakers")
    there = client.get(path_of("v1", "stock", HERO))["on_hand"]
    if stock > there:
        _move(client, "demo-delivery", "supplier", "unallocated", stock - there)
    _move(client, "demo-allocation", "unallocated", f"channel:{CHANNEL}", stock)
    return applied.items, int(limit)


def _move(client: ApiClient, id: str, source: str, target: str, quantity: int) -> None:
    body = {"id": id, "sku": HERO, "from": source, "to": target, "quantity": quantity, "reason": "demo"}
    client.post("/v1/transfers", body)


def fsync_ms(folder: Path) -> float:
    """What one durable write costs in this folder: a disk in memory would flatter every figure."""
    path = folder / "fsync-probe"
    took_ms = []
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for _ in range(_FSYNCS):
            os.write(descriptor, b"x" * 4096)
            started = time.perf_counter()
            os.fsync(descriptor)
            took_ms.append((time.perf_counter() - started) * 1000)
    finally:
        os.close(descriptor)
        path.unlink()
    return statistics.median(took_ms)
