"""The page at an overlay's address, transparent but for what it shows."""

import asyncio
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfast.api.console import CONSOLE_FOLDER
from holdfast.api.fields import Failed
from holdfast.api.problems import status_of
from holdfast.app import Holdfast

from .stream import row_at

_FILE = "overlay.html"
_HEADERS = {
    # The page carries nothing but the stock of a few items, so any page may show it in a frame.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
}
_NOTICE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>Holdfast</title>
<meta name="viewport" content="width=device-width"><style>body{{font:20px/1.6 system-ui,sans-serif;margin:0;
min-height:100vh;display:grid;place-content:center}}main{{background:#fff;color:#1c2430;padding:1.2em 1.8em;
border-radius:12px;text-align:center}}p{{margin:0}}</style>
<main><p>{zh}</p><p lang="en">{en}</p></main></html>"""
_WORDS = {
    "not_found": ("此贴片地址不存在，请核对地址。", "There is no overlay at this address."),
    "gone": ("此贴片地址已失效，请更换为新地址。", "This overlay address has ended; use the new one."),
    "not_ready": ("贴片页面尚未构建：请运行 make console。", "The page is not built yet: run make console."),
}


def overlay_page(holdfast: Holdfast, folder: Path = CONSOLE_FOLDER) -> Route:
    """The route that serves it."""

    async def serve(request: Request) -> Response:
        try:
            row_at(holdfast.overlays, request.path_params["token"])
        except Failed as failed:
            return _notice(failed.code)
        file = folder / _FILE
        if not await asyncio.to_thread(file.is_file):
            return _notice("not_ready")
        body = await asyncio.to_thread(file.read_bytes)
        return Response(body, 200, _HEADERS, "text/html; charset=utf-8")

    return Route("/overlay/{token}", serve)


def _notice(code: str) -> Response:
    zh, en = _WORDS[code]
    return Response(_NOTICE.format(zh=zh, en=en), status_of(code), _HEADERS, "text/html; charset=utf-8")
