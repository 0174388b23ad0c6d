"""How the server hands out the console: built, not built, packed, and nothing beside it."""

import asyncio
import gzip
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from holdfast.api.console import console_routes, is_built


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "console"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<title>room</title>", encoding="utf-8")
    (built / "assets" / "index-AbC_1-2.js").write_text("let plain", encoding="utf-8")
    (built / "assets" / "index-AbC_1-2.js.gz").write_bytes(gzip.compress(b"let packed"))
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")
    return built


def get(folder: Path, path: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=console_routes(folder)))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://here", headers=headers, follow_redirects=True
        ) as client:
            return await client.get(path)

    return asyncio.run(ask())


@pytest.mark.parametrize("path", ["/", "/console", "/console/", "/console/live", "/host"])
def test_every_address_of_the_console_is_its_one_page(folder: Path, path: str) -> None:
    answer = get(folder, path)
    assert answer.status_code == 200
    assert "room" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_file_is_packed_and_kept_for_good(folder: Path) -> None:
    path = "/console/assets/index-AbC_1-2.js"
    packed = get(folder, path)
    assert (packed.text, packed.headers["content-encoding"]) == ("let packed", "gzip")
    assert packed.headers["content-type"].startswith("text/javascript")
    assert "immutable" in packed.headers["cache-control"]
    plain = get(folder, path, **{"accept-encoding": "identity"})
    assert plain.text == "let plain"


@pytest.mark.parametrize(
    "path",
    [
        "/console/../secret.js",
        "/console/%2e%2e/secret.js",
        "/console/assets/..%2f..%2fsecret.js",
        "/console/assets/gone.js",
        "/console/.sources",
    ],
)
def test_nothing_beside_the_console_is_handed_out(folder: Path, path: str) -> None:
    answer = get(folder, path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_without_a_build_the_page_says_what_to_do(tmp_path: Path) -> None:
    assert not is_built(tmp_path)
    answer = get(tmp_path, "/console/")
    assert answer.status_code == 503
    assert "make console" in answer.text
    assert "控制台尚未构建" in answer.text
