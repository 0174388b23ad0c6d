"""Preview of a guard 规则试算: what it would have done to the tries of a time that is over."""

from datetime import datetime

import msgspec

from holdfast.api.fields import Failed, SkuId, Timestamp, to_time, to_us
from holdfast.api.operation import Answer, Operation, Request
from holdfast.api.routes.guard_fields import GuardBody, to_guard
from holdfast.live.keys import Role
from holdfast.operations.guard.preview import preview

from .kinds import ListedKind
from .words import Sentence, sentence


class GuardPreviewBody(msgspec.Struct, forbid_unknown_fields=True, rename={"since": "from", "until": "to"}):
    """The rules, the item, and the time whose tries they are tried on."""

    guard: GuardBody
    sku: SkuId
    since: Timestamp
    until: Timestamp


class GuardPreviewCount(msgspec.Struct):
    """How many tries a rule would have refused, queued or put up for review (`outcome`)."""

    outcome: str
    code: str
    tries: int


class GuardPreviewExample(msgspec.Struct):
    """One of them, with a sentence."""

    id: str
    buyer: str
    at: datetime
    outcome: str
    code: str
    words: Sentence


class GuardPreviewCluster(msgspec.Struct):
    """A buyer, or the hash of a device, address or payment, of many tries; `stopped` were not let through."""

    kind: ListedKind
    value: str
    tries: int
    buyers: int
    stopped: int


class GuardPreviewDocument(msgspec.Struct):
    """What the rules would have come to; `stopped_early` says that not all of the time was looked at."""

    tried: int
    placed: int
    with_signals: int
    outcomes: list[GuardPreviewCount]
    examples: list[GuardPreviewExample]
    stopped_early: bool
    clusters: list[GuardPreviewCluster]


async def show(request: Request) -> Answer:
    """Try rules on tries of the past; nothing is changed."""
    body: GuardPreviewBody = request.body
    guard = to_guard(body.guard)
    since_us, until_us = to_us(body.since, "from"), to_us(body.until, "to")
    assert guard is not None
    assert since_us is not None
    assert until_us is not None
    if until_us <= since_us:
        raise Failed("invalid_request", "`to` has to be later than `from`", field="to")
    item = await request.holdfast.read(lambda reader: reader.sku(body.sku))
    if item is None:
        raise Failed("unknown_sku", f"there is no item {body.sku}", field="sku")
    found = await request.holdfast.read(lambda reader: preview(reader, item, guard, since_us, until_us))
    return Answer(
        GuardPreviewDocument(
            found.tried,
            found.placed,
            found.with_signals,
            [GuardPreviewCount(*key, tries) for key, tries in found.outcomes.most_common()],
            [
                GuardPreviewExample(
                    each.id,
                    each.buyer,
                    to_time(each.at_us),
                    each.outcome,
                    each.code,
                    sentence(each.code, each.facts),
                )
                for each in found.examples
            ],
            found.stopped_early,
            [GuardPreviewCluster(ListedKind(each.kind), *each[1:]) for each in found.clusters],
        )
    )


OPERATIONS = [
    Operation(
        "POST",
        "/v1/guards/preview",
        show,
        summary="Try a guard on the holds, refusals and orders of the past",
        role=Role.VIEWER,
        takes=GuardPreviewBody,
        gives=GuardPreviewDocument,
        codes=("unknown_sku",),
    ),
]
"""Routes of this noun."""
