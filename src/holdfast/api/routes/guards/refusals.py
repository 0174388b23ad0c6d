"""Refusals 拒绝原因: why a hold was refused, for support to tell the buyer."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from holdfast.api.fields import TEXT, CommandId, Failed, check_path, to_time
from holdfast.api.operation import Answer, Operation, Parameter, Request
from holdfast.api.routes.pages import LIMIT, SEQ_MAX, limit_of
from holdfast.ledger.records import Refusal
from holdfast.ledger.state import KIND_HOLD
from holdfast.live.keys import Role
from holdfast.storage.contract import RefusalFilter

from .kinds import ListedKind, hashed
from .words import Sentence, sentence

_Text = Annotated[str, Meta(max_length=512, pattern=TEXT)]
_SIGNALS = (ListedKind.DEVICE, ListedKind.ADDRESS, ListedKind.PAYMENT)
_WANTED = {"id": "The hold.", "buyer": "Who asked.", "sku": "An item it asked for.", "code": "A result code."}


class RefusalDocument(msgspec.Struct):
    """A refused hold: what was asked, the rule that stood against it, and one sentence to say.

    `signals` are the hashes of device, address and payment, as far as the shop told them.
    """

    id: str
    code: str
    facts: dict[str, str | int]
    words: Sentence
    channel: str
    buyer: str
    lines: dict[str, int]
    actor: str
    refused_at: datetime
    signals: dict[str, str]


class RefusalPage(msgspec.Struct):
    """A page of refusals, the newest first."""

    items: list[RefusalDocument]
    next: str | None


def _document(refusal: Refusal) -> RefusalDocument:
    body: Any = refusal.body
    signals = body.get("signals") or {}
    return RefusalDocument(
        refusal.id,
        refusal.code.value,
        refusal.detail,
        sentence(refusal.code.value, refusal.detail),
        body["channel"],
        body["buyer"],
        body["lines"],
        refusal.actor,
        to_time(refusal.recorded_at_us),
        {kind.value: signals[kind] for kind in _SIGNALS if signals.get(kind)},
    )


async def show(request: Request) -> Answer:
    """One refusal; a hold that was told to queue is not kept."""
    id: str = check_path(CommandId, request.path["id"], "id")
    refusal = await request.holdfast.read(lambda reader: reader.refusal(KIND_HOLD, id))
    if refusal is None:
        raise Failed("not_found", f"no hold with the id {id} was refused", field="id")
    return Answer(_document(refusal))


async def list_all(request: Request) -> Answer:
    """A page of refusals."""
    limit, before = limit_of(request), _before(request)
    plain = {name: _asked(request, name) for name in _WANTED}
    hidden = {kind.value: hashed(request, kind, _asked(request, kind)) for kind in _SIGNALS}
    wanted = RefusalFilter(**plain, **hidden)
    found = await request.holdfast.read(lambda reader: reader.find_refused_holds(wanted, before, limit + 1))
    last = found[limit - 1] if len(found) > limit else None
    next_page = None if last is None else f"{last.recorded_at_us}:{last.id}"
    return Answer(RefusalPage([_document(refusal) for refusal in found[:limit]], next_page))


def _before(request: Request) -> tuple[int, str]:
    """The time and id that the page before ended with."""
    text = request.query.get("before")
    if text is None:
        return SEQ_MAX, ""
    at_us, _, id = text.partition(":")
    if not (at_us.isascii() and at_us.isdigit() and len(at_us) < 19):
        raise Failed("invalid_request", "`before` is the `next` of the page before", field="before")
    return int(at_us), check_path(_Text, id, "before")


def _asked(request: Request, name: str) -> str:
    """What the query says of a field; empty for nothing."""
    text: str = check_path(_Text, request.query.get(name, ""), name)
    return text


def _text(name: str, description: str) -> Parameter:
    return Parameter(name, description, {"type": "string", "maxLength": 512})


OPERATIONS = [
    Operation(
        "GET",
        "/v1/refusals",
        list_all,
        summary="Look for refused holds",
        role=Role.VIEWER,
        gives=RefusalPage,
        query=(
            *(_text(name, description) for name, description in _WANTED.items()),
            *(_text(kind, f"A {kind}, as the shop told it.") for kind in _SIGNALS),
            Parameter("before", "`next` of the page before.", {"type": "string", "maxLength": 160}),
            LIMIT,
        ),
        codes=("secret_key_unusable",),
    ),
    Operation(
        "GET",
        "/v1/refusals/{id}",
        show,
        summary="Explain why a hold was refused",
        role=Role.VIEWER,
        gives=RefusalDocument,
        codes=("not_found",),
    ),
]
"""Routes of this noun."""
