"""Shows: planned, changed, listed, forgotten."""

from holdfast.api.operation import Answer, Operation, Request
from holdfast.live.keys import Role
from holdfast.operations.shelf import RevisionError
from holdfast.operations.shows.model import ShowError

from .bodies import ShowBody, ShowDocument, ShowPage, document, failed, show_id, show_of, who


async def put(request: Request) -> Answer:
    """Plan a show, or change what may be changed of it."""
    body: ShowBody = request.body
    shows, id = request.holdfast.shows, show_id(request)
    try:
        show = await shows.put(show_of(id, body), who(request), body.revision)
    except (ShowError, RevisionError) as error:
        raise failed(error) from error
    return Answer(document(show, shows.shelf.revision(id)))


async def show(request: Request) -> Answer:
    """One show."""
    shows, id = request.holdfast.shows, show_id(request)
    try:
        return Answer(document(shows.get(id), shows.shelf.revision(id)))
    except ShowError as error:
        raise failed(error) from error


async def list_all(request: Request) -> Answer:
    """All shows."""
    shelf = request.holdfast.shows.shelf
    shows = sorted(shelf.all(), key=lambda each: (each.starts_at_us, each.id))
    return Answer(ShowPage([document(each, shelf.revision(each.id)) for each in shows], None))


async def remove(request: Request) -> Answer:
    """Forget a planned show."""
    shows, id = request.holdfast.shows, show_id(request)
    try:
        gone = document(shows.get(id), shows.shelf.revision(id))
        await shows.remove(id, who(request))
    except ShowError as error:
        raise failed(error) from error
    return Answer(gone)


OPERATIONS = [
    Operation(
        "PUT",
        "/v1/shows/{show}",
        put,
        summary="Plan a show, or change it",
        role=Role.OPERATOR,
        takes=ShowBody,
        gives=ShowDocument,
        codes=(
            "changed_meanwhile",
            "unknown_channel",
            "unknown_sku",
            "sku_is_bundle",
            "not_in_rundown",
            "show_is_live",
            "show_is_ended",
        ),
    ),
    Operation(
        "GET",
        "/v1/shows/{show}",
        show,
        summary="Show how a show stands",
        role=Role.VIEWER,
        gives=ShowDocument,
        codes=("not_found",),
    ),
    Operation("GET", "/v1/shows", list_all, summary="List shows", role=Role.VIEWER, gives=ShowPage),
    Operation(
        "DELETE",
        "/v1/shows/{show}",
        remove,
        summary="Forget a planned show",
        role=Role.OPERATOR,
        gives=ShowDocument,
        codes=("not_found", "show_is_live", "show_is_ended"),
    ),
]
