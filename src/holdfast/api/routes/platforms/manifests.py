"""`/v1/platforms`: what can be connected, and what each platform can do with stock."""

import msgspec

from holdfast.api.operation import Answer, Operation, Request
from holdfast.channels.manifest import Manifest, WriteMode
from holdfast.channels.registry import platforms
from holdfast.live.keys import Role


class RateDocument(msgspec.Struct):
    """Calls a second over all SKUs, and how many may come at once."""

    per_s: float
    burst: float


class ManifestDocument(msgspec.Struct):
    """What a platform can do; a connection's `settings` may correct any of it by the field's name."""

    platform: str
    title: str
    title_zh: str
    needs_connection: bool
    base_url: str
    secrets: list[str]
    write: str
    under_run: str
    idempotent: bool
    can_shrink: bool
    read_back: bool
    write_tells_counter: bool
    lines_per_write_max: int
    rate: RateDocument
    deducts: str
    gives_back_on_cancel: str
    gives_back_on_refund: str
    push: str
    push_carries_order: bool
    poll: bool
    timeout_s: float
    settles_within_s: float
    round_trip_s: float
    read_stale_s: float
    push_lag_s: float
    poll_lag_s: float
    poll_every_s: float
    poll_window_max_s: float
    poll_page_max: int
    acknowledge_within_s: float
    uncertain: list[str]


class PlatformPage(msgspec.Struct):
    """All platforms; there is no second page."""

    items: list[ManifestDocument]
    next: str | None


def manifest_document(manifest: Manifest) -> ManifestDocument:
    """A manifest as the API shows it."""
    fields = {name: getattr(manifest, name, None) for name in ManifestDocument.__struct_fields__}
    fields["needs_connection"] = manifest.write is not WriteMode.NONE
    return msgspec.convert(fields, ManifestDocument, from_attributes=True)


async def list_all(request: Request) -> Answer:
    """All platforms."""
    items = [manifest_document(platform.manifest) for platform in platforms().values()]
    return Answer(PlatformPage(items, None))


OPERATIONS = [
    Operation(
        "GET",
        "/v1/platforms",
        list_all,
        summary="List the platforms that can be connected",
        role=Role.VIEWER,
        gives=PlatformPage,
    ),
]
"""Routes of this noun."""
