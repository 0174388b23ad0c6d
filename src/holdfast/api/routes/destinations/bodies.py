"""What a destination is made of and how it is shown: its secrets go in, and never come out."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from holdfast.api.fields import NameText, SecretText, SkuId, to_time
from holdfast.operations.destinations.desk import Found
from holdfast.operations.destinations.model import RobotKind, Words
from holdfast.policies.warnings import Level

SKUS_MAX = 1_000
LevelName = Literal["notice", "warning", "critical"]
MailAddress = Annotated[
    str, Meta(min_length=3, max_length=254, pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$(?!\n)")
]


class MailBody(msgspec.Struct, forbid_unknown_fields=True):
    """A mail server and who writes to whom; `plain` is for a private network alone."""

    host: Annotated[str, Meta(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:-]+$(?!\n)")]
    sender: MailAddress
    to: Annotated[list[MailAddress], Meta(min_length=1, max_length=20)]
    port: Annotated[int, Meta(ge=1, le=65_535)] = 587
    security: Literal["starttls", "tls", "plain"] = "starttls"
    user: Annotated[str, Meta(max_length=254, pattern=r"^[\x20-\x7e]*$(?!\n)")] = ""
    password: SecretText | None = None


class DestinationBody(msgspec.Struct, forbid_unknown_fields=True):
    """A destination; secrets that are left out stay as they are. No `skus` means all items."""

    name: NameText
    kind: RobotKind
    address: SecretText | None = None
    secret: SecretText | None = None
    old_secret: SecretText | None = None
    mail: MailBody | None = None
    language: Literal["zh", "en"] = "zh"
    level: LevelName = "notice"
    skus: Annotated[list[SkuId], Meta(max_length=SKUS_MAX)] = []
    enabled: bool = True


class DeliveryDocument(msgspec.Struct):
    """How the delivery stands since the server began; `waiting` counts notices that are not delivered."""

    waiting: int
    last_success_at: datetime | None
    last_error_at: datetime | None
    last_error: Words | None
    paused_until: datetime | None
    given_up: int


class DestinationDocument(msgspec.Struct):
    """A destination as people may see it: of its address the host alone."""

    destination: str
    revision: int
    name: str
    kind: str
    host: str
    secrets: list[str]
    language: str
    level: LevelName
    skus: list[str]
    enabled: bool
    delivery: DeliveryDocument


class DestinationPage(msgspec.Struct):
    """All destinations."""

    items: list[DestinationDocument]
    next: str | None


class TestDocument(msgspec.Struct):
    """What a robot said to a test message, in plain words; `code` and `said` are its own."""

    ok: bool
    verdict: str
    code: str
    said: str
    zh: str
    en: str


_LEVELS: dict[Level, LevelName] = {
    Level.NOTICE: "notice",
    Level.WARNING: "warning",
    Level.CRITICAL: "critical",
}


def document(found: Found, names: list[str]) -> DestinationDocument:
    """A destination with the names of the secrets that are set."""
    kept, status = found.destination, found.status
    delivery = DeliveryDocument(
        found.waiting,
        _time(status.last_success_us),
        _time(status.last_error_us),
        status.last_error,
        _time(status.paused_until_us),
        status.given_up,
    )
    return DestinationDocument(
        found.id,
        found.revision,
        kept.name,
        kept.kind,
        kept.host,
        names,
        kept.language,
        _LEVELS[kept.level],
        list(kept.skus),
        kept.enabled,
        delivery,
    )


def _time(us: int | None) -> datetime | None:
    return to_time(us) if us is not None else None
