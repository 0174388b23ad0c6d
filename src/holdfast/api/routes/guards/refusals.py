"""Refusals 拒绝原因: why a hold was refused, for support to tell the buyer."""

from datetime import datetime
from typing import Any

import msgspec

from holdfast.api.fields import CommandId, Failed, check_path, to_time
from holdfast.api.operation import Answer, Operation, Request
from holdfast.ledger.state import KIND_HOLD
from holdfast.live.keys import Role

from .words import Sentence, sentence


class RefusalDocument(msgspec.Struct):
    """A refused hold: what was asked, the rule that stood against it, and one sentence to say."""

    id: str
    code: str
    facts: dict[str, str | int]
    words: Sentence
    channel: str
    buyer: str
    lines: dict[str, int]
    actor: str
    refused_at: datetime


async def show(request: Request) -> Answer:
    """One refusal; a hold that was told to queue is not kept."""
    id: str = check_path(CommandId, request.path["id"], "id")
    refusal = await request.holdfast.read(lambda reader: reader.refusal(KIND_HOLD, id))
    if refusal is None:
        raise Failed("not_found", f"no hold with the id {id} was refused", field="id")
    body: Any = refusal.body
    return Answer(
        RefusalDocument(
            id,
            refusal.code.value,
            refusal.detail,
            sentence(refusal.code.value, refusal.detail),
            body["channel"],
            body["buyer"],
            body["lines"],
            refusal.actor,
            to_time(refusal.recorded_at_us),
        )
    )


OPERATIONS = [
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
