"""The operator console's files, as its build left them inside the package."""

import asyncio
import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

CONSOLE_FOLDER = Path(__file__).parents[1] / "console"
_INDEX = "index.html"
_FILE = re.compile(r"assets/[A-Za-z0-9_-][A-Za-z0-9._-]*\.(?P<kind>js|css|svg)|favicon\.svg")
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_HEADERS = {
    # Styles are made at run time by the component library; scripts and calls are ours alone. Pictures of
    # items are wherever the operators have them, and are not told who asks.
    "content-security-policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: https: http:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>Holdfast</title>
<style>body{font:16px/1.7 system-ui,sans-serif;max-width:40rem;margin:12vh auto;padding:0 1rem}
:root{color-scheme:light dark}code{font-size:1.05em}</style>
<h1>控制台尚未构建</h1><p>在代码目录中运行 <code>make console</code>（需要联网，约一分钟），然后刷新本页。
安装包（wheel）自带控制台。接口照常可用：<a href="/docs">/docs</a>。</p>
<h2 lang="en">The console is not built yet</h2><p lang="en">Run <code>make console</code> in the repository
(it needs the network and about a minute), then reload this page. A wheel carries the console ready-made.
The API works all the same: <a href="/docs">/docs</a>.</p></html>"""


def console_routes(folder: Path = CONSOLE_FOLDER) -> list[Route]:
    """Routes that serve the console: files by name, and the one page for every other address."""

    async def serve(request: Request) -> Response:
        path = request.path_params.get("path", "")
        gzip = "gzip" in request.headers.get("accept-encoding", "")
        return await asyncio.to_thread(_answer, folder, path, gzip=gzip)

    async def home(request: Request) -> Response:
        return RedirectResponse("/console/")

    return [
        Route("/", home),
        Route("/console", home),
        Route("/console/{path:path}", serve),
        Route("/host", serve),
    ]


def is_built(folder: Path = CONSOLE_FOLDER) -> bool:
    """Whether there is a console to serve."""
    return (folder / _INDEX).is_file()


def _answer(folder: Path, path: str, *, gzip: bool) -> Response:
    if not is_built(folder):
        return Response(_NOT_BUILT, 503, _HEADERS | {"cache-control": "no-store"}, "text/html; charset=utf-8")
    is_file = _FILE.fullmatch(path) is not None
    if not is_file and "." in path.rpartition("/")[2]:
        return Response("not found", 404, _HEADERS, "text/plain")
    file = folder / (path if is_file else _INDEX)
    packed = file.with_name(file.name + ".gz")
    headers = _HEADERS | {
        "cache-control": _FOR_EVER if path.startswith("assets/") else "no-cache",
        "vary": "accept-encoding",
    }
    if gzip and packed.is_file():
        return Response(packed.read_bytes(), 200, headers | {"content-encoding": "gzip"}, _TYPES[file.suffix])
    if file.is_file():
        return Response(file.read_bytes(), 200, headers, _TYPES[file.suffix])
    return Response("not found", 404, _HEADERS, "text/plain")
