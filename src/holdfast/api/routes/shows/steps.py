"""Running a show: start, next, spotlight, push, skip, undo, end; each once, by the id of its request."""

from collections.abc import Awaitable, Callable
from typing import Any

from holdfast.api.operation import REPLAYED, Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.shows.model import Show, ShowError
from holdfast.operations.shows.rundown import Who
from holdfast.operations.shows.shows import Shows

from .bodies import (
    PushBody,
    ShowDocument,
    SkipBody,
    SpotlightBody,
    StepBody,
    document,
    failed,
    item_of,
    show_id,
    who,
)

Step = Callable[[Shows, str, Any, Who], Awaitable[Show]]


def _step(name: str, words: str, step: Step, *codes: str, takes: Any = StepBody) -> Operation:
    async def handle(request: Request) -> Answer:
        shows, id = request.holdfast.shows, show_id(request)
        try:
            replayed = shows.get(id).did(request.body.id, name)
            done = await step(shows, id, request.body, who(request, request.body.id))
        except ShowError as error:
            raise failed(error) from error
        answer = document(done, shows.shelf.revision(id))
        return Answer(answer, 200, REPLAYED if replayed else [])

    return Operation(
        "POST",
        f"/v1/shows/{{show}}/{name}",
        handle,
        summary=words,
        role=Role.OPERATOR,
        takes=takes,
        gives=ShowDocument,
        codes=("not_found", "id_used_before", *codes),
    )


_NOT_LIVE = ("show_is_planned", "show_is_ended")
_STOCK = ("reserve_short", "sold_in_another_show", "stock_moved_meanwhile")

OPERATIONS = [
    _step(
        "next",
        "Go on to the next item",
        lambda shows, id, body, by: shows.next(id, by),
        "no_next_item",
        *_NOT_LIVE,
    ),
    _step(
        "spotlight",
        "Show an item large",
        lambda shows, id, body, by: shows.spotlight(id, body.sku, by),
        "not_in_rundown",
        *_NOT_LIVE,
        takes=SpotlightBody,
    ),
    _step(
        "push",
        "Push an item in that was not planned",
        lambda shows, id, body, by: shows.push(id, item_of(body.item), by, now=body.now),
        "item_in_rundown",
        "unknown_sku",
        "sku_is_bundle",
        *_STOCK,
        *_NOT_LIVE,
        takes=PushBody,
    ),
    _step(
        "skip",
        "Leave an item out",
        lambda shows, id, body, by: shows.skip(id, body.sku, by),
        "no_next_item",
        "not_in_rundown",
        "item_not_waiting",
        *_NOT_LIVE,
        takes=SkipBody,
    ),
    _step(
        "undo",
        "Take the last next, skip or spotlight back",
        lambda shows, id, body, by: shows.undo(id, by),
        "nothing_to_undo",
        *_NOT_LIVE,
    ),
    _step(
        "end",
        "End a show: the rest of its reserve and the old limits go back",
        lambda shows, id, body, by: shows.end(id, by),
        "stock_moved_meanwhile",
        *_NOT_LIVE,
    ),
]
