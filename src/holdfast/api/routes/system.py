"""Liveness, readiness, metrics and the reference."""

import asyncio
from contextlib import suppress

import msgspec
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from holdfast import __version__
from holdfast.api.fields import Failed
from holdfast.api.metrics import render_metrics
from holdfast.api.operation import Answer, Operation, Request
from holdfast.api.sync_metrics import sync_metrics
from holdfast.api.warning_metrics import warning_metrics
from holdfast.storage.contract import StoreError


class Health(msgspec.Struct):
    """The process is alive."""

    status: str
    version: str


class Readiness(msgspec.Struct):
    """The process takes work; numbers say how it stands."""

    status: str
    version: str
    store: str
    queue_depth: int
    audit_differences: int
    clock_skew_ms: int


async def healthz(request: Request) -> Answer:
    """Alive."""
    return Answer(Health("alive", __version__))


async def readyz(request: Request) -> Answer:
    """Ready to take work; 503 with the cause otherwise."""
    holdfast = request.holdfast
    engine = holdfast.engine
    if engine.stopping:
        raise Failed("stopping", "the server is going down")
    if engine.trouble is not None:
        raise Failed(engine.trouble.code, str(engine.trouble))
    if holdfast.settings.role == "worker" and not holdfast.working:
        raise Failed(
            "not_ready", "another server does the work in the background; this one waits to take it over"
        )
    return Answer(
        Readiness(
            "ready",
            __version__,
            "writable",
            engine.queue_depth,
            len(holdfast.auditor.differences),
            holdfast.clock.skew_us() // 1000,
        )
    )


async def metrics(request: Request) -> Answer:
    """Prometheus text; while the store cannot be read, the last count of reviews stands."""
    with suppress(StoreError):
        await request.holdfast.guards.count_reviews()
    of_sync = [*sync_metrics(request.holdfast.sync), *warning_metrics(request.holdfast)]
    body = await asyncio.to_thread(render_metrics, request.holdfast, of_sync)
    return Answer(body, media_type=CONTENT_TYPE_LATEST.encode())


OPERATIONS = [
    Operation("GET", "/healthz", healthz, summary="Is the process alive?", role=None, gives=Health),
    Operation(
        "GET",
        "/readyz",
        readyz,
        summary="Does it take work?",
        role=None,
        gives=Readiness,
        codes=("stopping", "store_failed", "not_ready"),
    ),
    Operation(
        "GET",
        "/metrics",
        metrics,
        summary="Numbers for Prometheus",
        role=None,
        gives=str,
        media_type="text/plain",
    ),
]
"""Routes of this noun."""
