"""Reviews 复核: holds and platform orders that broke a rule but stand, until a person says what of them."""

from typing import Any

import msgspec

from holdfast.api.fields import CommandId, Failed, ShortText, Verdict, check_path
from holdfast.api.operation import REPLAYED, Answer, Operation, Parameter, Request
from holdfast.api.routes.holds import HoldDocument, hold_document
from holdfast.api.routes.pages import BEFORE, LIMIT, before_of, limit_of, next_of
from holdfast.ledger.commands import ReviewHold
from holdfast.ledger.guard.rules import REVIEW_ACCEPTED, REVIEW_OPEN, REVIEW_REJECTED
from holdfast.ledger.records import Hold
from holdfast.live.keys import Role

from .words import Sentence, sentence

STATES = (REVIEW_OPEN, REVIEW_ACCEPTED, REVIEW_REJECTED)
_VERDICTS = {"accept": REVIEW_ACCEPTED, "reject": REVIEW_REJECTED}


class VerdictBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why."""

    reason: ShortText = ""


class ReviewDocument(msgspec.Struct):
    """A hold up for review: `code` and `facts` are those of the rule it broke."""

    review: str
    code: str
    facts: dict[str, str | int]
    words: Sentence
    hold: HoldDocument


class ReviewPage(msgspec.Struct):
    """A page of reviews, the newest first."""

    items: list[ReviewDocument]
    next: str | None


def _document(hold: Hold) -> ReviewDocument:
    assert hold.guard is not None
    facts = hold.guard.facts or {}
    document = hold_document(hold, hold.status)
    return ReviewDocument(
        hold.review or "", hold.guard.cause, facts, sentence(hold.guard.cause, facts), document
    )


async def list_all(request: Request) -> Answer:
    """A page of reviews."""
    limit, before = limit_of(request), before_of(request)
    state = request.query.get("state", REVIEW_OPEN)
    if state not in STATES:
        raise Failed("invalid_request", f"a state is one of {', '.join(STATES)}", field="state")
    found = await request.holdfast.read(lambda reader: reader.reviews(state, before, limit))
    return Answer(ReviewPage([_document(hold) for hold in found.holds], next_of(found.next_seq)))


async def settle(request: Request) -> Answer:
    """A person's word; a rejected hold that is neither paid nor over is released."""
    id: Any = check_path(CommandId, request.path["id"], "id")
    verdict = _VERDICTS[check_path(Verdict, request.path["verdict"], "verdict")]
    command = ReviewHold(id, verdict, request.principal.actor, request.body.reason, request.request_id)
    decision = await request.decide(command)
    assert isinstance(decision.record, Hold)
    return Answer(_document(decision.record), 200, REPLAYED if decision.replayed else [])


OPERATIONS = [
    Operation(
        "GET",
        "/v1/reviews",
        list_all,
        summary="List holds and orders that are up for review",
        role=Role.VIEWER,
        gives=ReviewPage,
        query=(
            Parameter("state", "`open` unless said otherwise.", {"type": "string", "enum": list(STATES)}),
            BEFORE,
            LIMIT,
        ),
    ),
    Operation(
        "POST",
        "/v1/reviews/{id}/{verdict}",
        settle,
        summary="Accept or reject what is up for review",
        role=Role.OPERATOR,
        takes=VerdictBody,
        gives=ReviewDocument,
        codes=("unknown_hold", "not_in_review", "review_already_decided"),
    ),
]
"""Routes of this noun."""
