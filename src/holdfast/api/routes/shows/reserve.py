"""The reserve 弹性库存 of live shows: opened by hand, and the proposals to open it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from holdfast.api.fields import ProposalId, check_path, optional_time, to_time
from holdfast.api.operation import REPLAYED, Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.reserve.proposal import Proposal, ProposalStatus, ReserveFigures
from holdfast.operations.reserve.runner import ReserveRunner
from holdfast.operations.reserve.step import OPEN
from holdfast.operations.shows.model import ShowError
from holdfast.operations.shows.rundown import Who

from .bodies import OpenReserveBody, ShowDocument, document, failed, show_id, who


class Explanation(msgspec.Struct):
    """Why, in words."""

    zh: str
    en: str


class ProposalDocument(msgspec.Struct):
    """A step of a reserve: proposed, and what became of it; `decided_by` is the approver."""

    id: str
    show: str
    sku: str
    units: int
    status: ProposalStatus
    explanation: Explanation
    figures: ReserveFigures
    made_at: datetime
    expires_at: datetime
    decided_by: str
    decided_at: datetime | None


class ProposalPage(msgspec.Struct):
    """All that stand and the newest that were decided, newest first; there is no second page."""

    items: list[ProposalDocument]
    next: str | None


def _document(proposal: Proposal) -> ProposalDocument:
    return ProposalDocument(
        proposal.id,
        proposal.show,
        proposal.sku,
        proposal.units,
        proposal.status,
        Explanation(proposal.words_zh(), proposal.words_en()),
        proposal.figures,
        to_time(proposal.made_at_us),
        to_time(proposal.expires_at_us),
        proposal.decided_by,
        optional_time(proposal.decided_at_us),
    )


async def open_reserve(request: Request) -> Answer:
    """Open units of a reserve because a person says so."""
    body: OpenReserveBody = request.body
    shows, id = request.holdfast.shows, show_id(request)
    try:
        replayed = shows.get(id).did(body.id, OPEN)
        show = await request.holdfast.reserve.open_by_hand(id, body.sku, body.units, who(request, body.id))
    except ShowError as error:
        raise failed(error) from error
    return Answer(document(show, shows.shelf.revision(id)), 200, REPLAYED if replayed else [])


async def list_all(request: Request) -> Answer:
    """All proposals."""
    proposals = request.holdfast.reserve.proposals.all()
    proposals.sort(key=lambda each: (each.made_at_us, each.id), reverse=True)
    return Answer(ProposalPage([_document(each) for each in proposals], None))


def _decision(
    name: str, words: str, decide: Callable[[ReserveRunner, str, Who], Awaitable[Proposal]], *codes: str
) -> Operation:
    async def handle(request: Request) -> Answer:
        try:
            settled = await decide(
                request.holdfast.reserve,
                check_path(ProposalId, request.path["proposal"], "proposal"),
                who(request),
            )
        except ShowError as error:
            raise failed(error) from error
        return Answer(_document(settled))

    return Operation(
        "POST",
        f"/v1/proposals/{{proposal}}/{name}",
        handle,
        summary=words,
        role=Role.OPERATOR,
        gives=ProposalDocument,
        codes=("not_found", "proposal_settled", *codes),
    )


OPERATIONS = [
    Operation(
        "POST",
        "/v1/shows/{show}/open-reserve",
        open_reserve,
        summary="Open units of an item's reserve",
        role=Role.OPERATOR,
        takes=OpenReserveBody,
        gives=ShowDocument,
        codes=(
            "not_found",
            "id_used_before",
            "not_in_rundown",
            "reserve_empty",
            "stock_moved_meanwhile",
            "show_is_planned",
            "show_is_ended",
        ),
    ),
    Operation(
        "GET",
        "/v1/proposals",
        list_all,
        summary="List proposals to open a reserve",
        role=Role.VIEWER,
        gives=ProposalPage,
    ),
    _decision(
        "approve",
        "Open the step of the reserve that is proposed",
        lambda reserve, id, by: reserve.approve(id, by),
        "reserve_empty",
        "stock_moved_meanwhile",
        "show_is_ended",
    ),
    _decision("reject", "Leave the reserve shut for a while", lambda reserve, id, by: reserve.reject(id, by)),
]
