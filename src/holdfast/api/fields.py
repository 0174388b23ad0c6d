"""Field types shared by the routes; their bounds are checked on decoding and stand in the OpenAPI."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from holdfast.channels.orders import LISTING_PATTERN, PLATFORM_ID_PATTERN
from holdfast.ledger.accounts import QUANTITY_MAX, SKU_PATTERN
from holdfast.ledger.records import IMAGE_URL_CHARACTERS_MAX

# `$` alone would let a line break through at the end: it matches before one, too.
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$(?!\n)"
COMMAND_ID = r"^[A-Za-z0-9._~:@+=-]*[A-Za-z0-9_~:@+=-][A-Za-z0-9._~:@+=-]*$(?!\n)"
TEXT = r"^[^\x00-\x1f\x7f\ud800-\udfff]*$(?!\n)"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

CommandId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=128,
        pattern=COMMAND_ID,
        description="Chosen by the caller; the idempotency key for ever.",
    ),
]
SkuId = Annotated[str, Meta(min_length=1, max_length=64, pattern=SKU_PATTERN, description="The item's code.")]
ChannelId = Annotated[str, Meta(min_length=1, max_length=32, pattern=NAME, description="The channel's code.")]
DropId = Annotated[str, Meta(min_length=1, max_length=32, pattern=NAME, description="The drop's code.")]
DestinationId = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=NAME, description="The destination's code.")
]
KeyName = Annotated[str, Meta(min_length=1, max_length=64, pattern=NAME, description="The key's name.")]
OverlayName = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=NAME, description="The overlay's name, for ourselves.")
]
ShowId = Annotated[str, Meta(min_length=1, max_length=32, pattern=NAME, description="The show's code 场次.")]
ImportId = Annotated[str, Meta(pattern=r"^[0-9a-f-]{1,40}$(?!\n)")]
ProposalId = Annotated[
    str, Meta(min_length=1, max_length=128, description="As the list of proposals has it.")
]
OverlayToken = Annotated[str, Meta(min_length=1, max_length=64, description="The overlay's address.")]
GateName = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=NAME, description="What a ticket opens: a drop, say.")
]
BuyerList = Annotated[str, Meta(pattern=r"^(block|allow)$(?!\n)", description="`block` or `allow`.")]
Verdict = Annotated[str, Meta(pattern=r"^(accept|reject)$(?!\n)", description="`accept` or `reject`.")]
ListingKey = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=LISTING_PATTERN,
        description="The item on the platform: `PRODUCT`, `PRODUCT/VARIANT` or `PRODUCT/VARIANT@WAREHOUSE`.",
    ),
]
PlatformId = Annotated[
    str, Meta(max_length=64, pattern=PLATFORM_ID_PATTERN, description="As the platform writes it.")
]
SecretText = Annotated[
    str, Meta(min_length=1, max_length=4096, pattern=r"^[\x20-\x7e]+$(?!\n)", description="Never shown.")
]
ShortText = Annotated[str, Meta(max_length=200, pattern=TEXT)]
NameText = Annotated[str, Meta(min_length=1, max_length=200, pattern=TEXT)]
ImageUrl = Annotated[
    str,
    Meta(
        max_length=IMAGE_URL_CHARACTERS_MAX,
        description="`https://…`, `http://…` or a small `data:image/…` of a GIF, JPEG, PNG, SVG or WebP; "
        "empty for none.",
    ),
]
BuyerText = Annotated[
    str,
    Meta(min_length=1, max_length=128, pattern=TEXT, description="Who buys, as the channel names them."),
]
BuyerKeyText = Annotated[
    str,
    Meta(
        max_length=128,
        pattern=TEXT,
        description="Who buys, the same over all channels; by default `buyer`.",
    ),
]
AccountText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        pattern=TEXT,
        description="`supplier`, `unallocated`, `reserve`, `drop:NAME`, `channel:NAME`, `committed:NAME`, "
        "`unsellable`, `customer`, `adjustment` or `oversold:NAME`.",
    ),
]
Quantity = Annotated[int, Meta(ge=1, le=QUANTITY_MAX, description="Units.")]
Cents = Annotated[int, Meta(ge=0, le=10**12, description="Hundredths of the currency (分).")]
Timestamp = Annotated[datetime, Meta(tz=True, description="RFC 3339, with an offset.")]


class Failed(Exception):
    """An answer in `application/problem+json`."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        field: str | None = None,
        facts: dict[str, str | int] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field
        self.facts = facts or {}


def to_us(moment: datetime | None, field: str) -> int | None:
    """A timestamp as microseconds UTC; one whose year in UTC is not 1 to 9999 could not be shown again."""
    if moment is None:
        return None
    try:
        delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    except OverflowError as error:
        raise Failed("invalid_request", "the time is out of range", field=field) from error
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


@lru_cache(maxsize=4096)
def to_time(at_us: int) -> datetime:
    """Microseconds UTC as a timestamp; all holds of one batch share theirs, so it is kept for a while."""
    return _EPOCH + timedelta(microseconds=at_us)


def optional_time(at_us: int | None) -> datetime | None:
    """The same for a time that may be missing."""
    return None if at_us is None else to_time(at_us)


def check_path(kind: Any, value: object, field: str) -> Any:
    """Check a part of the path against its field type; a wrong one is named like any other field."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Failed("invalid_request", str(error), field=field) from error
