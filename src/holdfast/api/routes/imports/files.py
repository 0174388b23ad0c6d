"""What calls that take a file share: whether to apply it, the way to answer, an empty file to fill in."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from holdfast.api.fields import check_path
from holdfast.api.operation import Answer, Request, Send, encoded, respond


def applies(request: Request) -> bool:
    """Whether `apply` asks for the change itself and not only for the plan; raises Failed for other words."""
    return asks(request, "apply")


def asks(request: Request, name: str) -> bool:
    """Whether a part of the query is `true`; raises Failed for what is neither `true` nor `false`."""
    asked: str = check_path(Literal["true", "false"], request.query.get(name, "false"), name)
    return asked == "true"


async def tell(request: Request, send: Send, document: Any) -> None:
    """Answer a call that read its body itself."""
    answer = Answer(document)
    await respond(send, 200, encoded(answer), answer.media_type, request.request_id, [])


def empty_file(name: str, content: Callable[[], bytes]) -> Callable[[Request], Awaitable[Answer]]:
    """A handler that gives a file of that name."""
    disposition = (b"content-disposition", f'attachment; filename="{name}"'.encode())

    async def give(request: Request) -> Answer:
        return Answer(content(), headers=[disposition], media_type=b"text/csv; charset=utf-8")

    return give
