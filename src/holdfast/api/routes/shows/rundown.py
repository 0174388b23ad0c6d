"""A rundown 排品 as a file: what it would change, or the change itself; and an empty one to fill in."""

import msgspec
from msgspec.structs import replace

from holdfast.api.operation import (
    Operation,
    Parameter,
    Receive,
    Request,
    Send,
    read_body,
)
from holdfast.api.routes.imports.files import applies, empty_file, tell
from holdfast.api.routes.imports.problems import RowProblem, row_problems
from holdfast.live.keys import Role
from holdfast.operations.shelf import RevisionError
from holdfast.operations.shows.model import ShowError
from holdfast.operations.shows.sheet import read_rundown, template

from .bodies import RundownItemDocument, ShowDocument, document, failed, show_id, who


class RundownDocument(msgspec.Struct):
    """What a file would make of a show's rundown; with any problem nothing is applied."""

    applied: bool
    added: list[str]
    removed: list[str]
    items: list[RundownItemDocument]
    problems: list[RowProblem]
    show: ShowDocument | None


async def receive(request: Request, incoming: Receive, send: Send) -> None:
    """Read the file and answer with the plan, or apply it."""
    apply = applies(request)
    shows, id = request.holdfast.shows, show_id(request)
    try:
        old = shows.get(id)
        sheet = read_rundown(await read_body(request.scope, incoming))
        # A file has no column for who opens a reserve: that stays as it was.
        kept = {item.sku: item.opening for item in old.items}
        items = tuple(replace(item, opening=kept.get(item.sku, item.opening)) for item in sheet.items)
        wanted = replace(old, items=items)
        ready = apply and not sheet.problems
        done = await shows.put(wanted, who(request), shows.shelf.revision(id)) if ready else None
    except (ShowError, RevisionError) as error:
        raise failed(error) from error
    before, after = [item.sku for item in old.items], [item.sku for item in sheet.items]
    plan = RundownDocument(
        done is not None,
        [sku for sku in after if sku not in before],
        [sku for sku in before if sku not in after],
        document(wanted, 0).items,
        row_problems(sheet.problems),
        document(done, shows.shelf.revision(id)) if done is not None else None,
    )
    await tell(request, send, plan)


OPERATIONS = [
    Operation(
        "POST",
        "/v1/shows/{show}/rundown",
        None,
        stream=receive,
        summary="Read a rundown from a file, and apply it if asked",
        role=Role.OPERATOR,
        gives=RundownDocument,
        codes=(
            "not_found",
            "invalid_request",
            "body_too_large",
            "changed_meanwhile",
            "unknown_sku",
            "sku_is_bundle",
            "show_is_live",
            "show_is_ended",
        ),
        query=(
            Parameter("apply", "`true` changes the show.", {"type": "string", "enum": ["true", "false"]}),
        ),
    ),
    Operation(
        "GET",
        "/v1/rundown-template.csv",
        empty_file("rundown-template.csv", template),
        summary="An empty rundown to fill in",
        role=Role.VIEWER,
        media_type="text/csv",
    ),
]
