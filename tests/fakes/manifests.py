"""Manifests for all tests: a plain relative platform, and what differs from it."""

from dataclasses import replace
from typing import Any

from holdfast.channels.manifest import (
    Deducts,
    GivesBack,
    Manifest,
    PushMode,
    RateCap,
    UnderRun,
    WriteMode,
)

PLAIN = Manifest(
    platform="plain",
    title="plain",
    title_zh="plain",
    write=WriteMode.RELATIVE,
    under_run=UnderRun.REFUSES,
    idempotent=True,
    can_shrink=True,
    read_back=True,
    write_tells_counter=False,
    lines_per_write_max=1,
    rate=RateCap(10.0, 10.0),
    deducts=Deducts.ON_ORDER,
    gives_back_on_cancel=GivesBack.YES,
    gives_back_on_refund=GivesBack.YES,
    push=PushMode.WEBHOOK,
    push_carries_order=True,
    poll=True,
    timeout_s=1.5,
    settles_within_s=6.0,
    read_stale_s=0.3,
    poll_every_s=5.0,
)


def manifest(**differences: Any) -> Manifest:
    """The plain platform with differences."""
    return replace(PLAIN, **differences)
