"""The constant answer: what the server alone costs."""

from typing import Any

_BODY = b'{"id":"h-1234567890","status":"placed","channel":"shop","buyer":"u-1234567890"}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_BODY))]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Read the body, answer the same bytes."""
    if scope["type"] != "http":
        return
    message = await receive()
    while message.get("more_body"):
        message = await receive()
    await send({"type": "http.response.start", "status": 201, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _BODY})
