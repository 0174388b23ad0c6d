"""Pushes 推送: verified by the platform's signature over the raw bytes, filed, then acknowledged."""

import asyncio

from holdfast.api.fields import ChannelId, Failed, check_path
from holdfast.api.operation import (
    Answer,
    Operation,
    Receive,
    Request,
    Send,
    encoded,
    read_body,
    respond,
)
from holdfast.channels.errors import PushRefused
from holdfast.channels.orders import Acknowledgement
from holdfast.sync.runtime import UnknownChannelError

BODY_WITHIN_S = 10.0
_MALFORMED = "malformed"


def _channel(request: Request) -> str:
    name: str = check_path(ChannelId, request.path["channel"], "channel")
    return name


def _refused(error: PushRefused) -> Failed:
    code = "push_malformed" if error.reason == _MALFORMED else "push_refused"
    return Failed(code, str(error), facts={"reason": error.reason})


def _unknown(channel: str) -> Failed:
    """The same for every channel that cannot take a push: why not is nobody's business out there."""
    return Failed("not_found", f"channel {channel} takes no pushes", field="channel")


def _answer(acknowledgement: Acknowledgement) -> Answer:
    media_type = acknowledgement.media_type.encode("latin-1")
    return Answer(acknowledgement.body, acknowledgement.status, media_type=media_type)


async def receive(request: Request, incoming: Receive, send: Send) -> None:
    """Take a push in; it is answered when it is on file."""
    channel = _channel(request)
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            body = await read_body(request.scope, incoming)
    except TimeoutError:
        raise Failed("too_slow", f"a push has to arrive within {BODY_WITHIN_S:.0f} s") from None
    try:
        taken = await request.holdfast.sync.receive(channel, request.headers, request.query, body)
    except UnknownChannelError:
        raise _unknown(channel) from None
    except PushRefused as error:
        raise _refused(error) from None
    answer = _answer(taken)
    await respond(send, answer.status, encoded(answer), answer.media_type, request.request_id, answer.headers)


async def check_address(request: Request) -> Answer:
    """Answer the platform's check of our address."""
    channel = _channel(request)
    try:
        return _answer(request.holdfast.sync.answer_check(channel, request.query))
    except UnknownChannelError:
        raise _unknown(channel) from None
    except PushRefused as error:
        raise _refused(error) from None


_PATH = "/v1/channels/{channel}/webhook"
OPERATIONS = [
    Operation(
        "POST",
        _PATH,
        None,
        stream=receive,
        summary="Take a platform's push in",
        role=None,
        media_type="application/json",
        codes=("not_found", "push_refused", "push_malformed", "too_slow"),
        any_query=True,
    ),
    Operation(
        "GET",
        _PATH,
        check_address,
        summary="Answer a platform's check of our address",
        role=None,
        media_type="text/plain",
        codes=("not_found", "push_refused", "push_malformed"),
        any_query=True,
    ),
]
"""Routes of this noun."""
