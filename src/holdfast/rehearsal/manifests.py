"""The platform of a scenario file as a manifest."""

from collections.abc import Mapping
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

UNDER_RUNS = {"refuse": UnderRun.REFUSES, "partial": UnderRun.CLAMPS}
ZOMBIE_S = 5.0
"""A scenario's lost request may still be applied so long after its time-out."""
POLL_EVERY_S = 20.0


def manifest_of(platform: Mapping[str, Any], returns_to: str = "counter") -> Manifest:
    """The declaration of a platform in a scenario file; `returns_to` is the file's `cancel.returns_to`."""
    api, push, poll, rate = (platform[part] for part in ("api", "push", "poll", "rate_limit"))
    gives_back = GivesBack.YES if returns_to == "counter" else GivesBack.NO
    return Manifest(
        platform=platform["id"],
        title=platform["id"],
        title_zh=platform["id"],
        write=WriteMode.RELATIVE,
        under_run=UNDER_RUNS[platform["dec"]],
        idempotent=bool(platform["idempotent"]),
        can_shrink=True,
        read_back=True,
        write_tells_counter=bool(platform["ack_stock"]),
        lines_per_write_max=1,
        rate=RateCap(float(rate["per_s"]), float(rate["burst"])),
        deducts=Deducts.ON_ORDER,
        gives_back_on_cancel=gives_back,
        gives_back_on_refund=gives_back,
        push=PushMode.WEBHOOK,
        push_carries_order=True,
        poll=True,
        timeout_s=float(api["timeout_s"]),
        settles_within_s=float(api["timeout_s"]) + ZOMBIE_S,
        round_trip_s=float(api["rtt_median_s"]),
        read_stale_s=float(platform["read_stale_s"]),
        push_lag_s=float(push["median_s"]),
        poll_lag_s=float(poll["index_lag_s"]),
        poll_every_s=POLL_EVERY_S,
        poll_page_max=int(poll["max"]),
    )
