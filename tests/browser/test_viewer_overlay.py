"""The overlay's page in Chromium as OBS shows it: transparent, in both shapes, cut off and back, revoked."""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.running import RunningServer, put
from tests.browser.room import Room
from tests.docs.surface import ROOT

SIZES = {"landscape": (1920, 1080), "portrait": (1080, 1920)}
FIRST_LOAD_BYTES_MAX = 8 * 1024
BUILT = ROOT / "src" / "holdfast" / "console"

_SHIFTS = """window.shifts = [];
new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(entry => entry.value)))
  .observe({type: 'layout-shift', buffered: true});"""


class Screen:
    """An overlay as a browser source shows it."""

    def __init__(self, page: Page, server: RunningServer) -> None:
        self.room = Room(page, server.url)
        self.page = page
        self.url = server.url

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def item(self, number: int = 0) -> Locator:
        return self.page.locator(".item").nth(number)

    def says(self, text: str, number: int = 0) -> None:
        """Wait until an item's count is so."""
        pattern = re.compile(r"^\s*" + r"\s*".join(map(re.escape, text.split())) + r"\s*$")
        expect(self.item(number).locator(".count")).to_have_text(pattern)

    @property
    def chip(self) -> Locator:
        return self.page.locator(".chip")


@pytest.fixture
def screen(browser: Browser, server: RunningServer) -> Iterator[Screen]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.set_default_timeout(10_000)
    context.add_init_script(_SHIFTS)
    made = Screen(context.new_page(), server)
    yield made
    context.close()
    assert not made.room.complaints


def overlay(server: RunningServer, *skus: str, **body: Any) -> tuple[str, str]:
    """A new overlay: its name and path."""
    name = f"overlay-{len(server.client.get('/v1/overlays').json()['items'])}"
    answer = server.client.post("/v1/overlays", json={"name": name, "skus": list(skus), **body})
    assert answer.status_code == 201, answer.text
    return name, answer.json()["path"]


def alpha(png: bytes) -> tuple[int, list[bytes]]:
    """Width, and for each line of a screenshot its bytes of opacity."""
    width, height = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
    assert png[24:26] == b"\x08\x06", "eight bits of red, green, blue and alpha"
    data, at = b"", 8
    while at < len(png):
        length, kind = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        if kind == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw, stride = zlib.decompress(data), width * 4
    lines: list[bytes] = []
    before = bytes(stride)
    for line in range(height):
        start = line * (stride + 1)
        before = _unfiltered(raw[start], raw[start + 1 : start + 1 + stride], before)
        lines.append(before[3::4])
    return width, lines


def _unfiltered(kind: int, line: bytes, above: bytes) -> bytes:
    if kind == 0 or (kind in (1, 2, 3, 4) and not any(line) and not any(above)):
        return line
    out = bytearray(line)
    for at in range(len(out)):
        left = out[at - 4] if at >= 4 else 0
        up = above[at]
        corner = above[at - 4] if at >= 4 else 0
        out[at] = (out[at] + _predicted(kind, left, up, corner)) & 255
    return bytes(out)


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 2:
        return up
    if kind == 3:
        return (left + up) // 2
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def test_from_snapshot_to_sold_out_and_restocked(screen: Screen, server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 120, name="雾面口红", variant="正红")
    server.hold(channel, sku, 20)
    _, path = overlay(server, sku)
    screen.open(path)
    expect(screen.item().locator(".name")).to_have_text("雾面口红 正红")
    screen.says("还剩 100 件")
    expect(screen.chip).to_be_hidden()
    server.hold(channel, sku, 77)
    screen.says("仅剩 23 件")
    expect(screen.item()).to_have_attribute("data-state", "low")
    server.hold(channel, sku, 23)
    screen.says("已售罄")
    expect(screen.item().locator(".badge")).to_have_css("opacity", "0")
    server.move(sku, "supplier", f"channel:{channel}", 60)
    screen.says("还剩 60 件")
    expect(screen.item().locator(".badge")).to_have_text("已补货 +60")
    expect(screen.item().locator(".badge")).to_have_css("opacity", "1")
    # What moves is a digit's width of one small word; boxes, bars and names never do.
    assert sum(screen.page.evaluate("window.shifts")) < 0.002


def test_the_next_drop_is_counted_down_and_then_it_is_there(screen: Screen, server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 40, name="雾面口红")
    server.hold(channel, sku, 40)
    server.move(sku, "supplier", "unallocated", 500)
    later = datetime.now(UTC) + timedelta(minutes=10)
    body = {"sku": sku, "channels": {channel: 500}, "opens_at": later.isoformat()}
    put(server.client, "/v1/drops/d-1", body)
    # The page's own clock is an hour off: only the server's counts.
    screen.page.add_init_script("const real = Date.now; Date.now = () => real() + 3_600_000;")
    _, path = overlay(server, sku)
    screen.open(path)
    screen.says("已售罄")
    next_drop = screen.item().locator(".next")
    expect(next_drop).to_have_text(re.compile("^下一批 09:[45][0-9] 500 件$"))
    opens_at = datetime.now(UTC) + timedelta(seconds=4)
    soon = {"opens_at": opens_at.isoformat()}
    assert server.client.post("/v1/drops/d-1/postpone", json=soon).status_code == 200
    expect(next_drop).to_have_text(re.compile("^下一批 00:0[1-4] 500 件$"))
    screen.says("还剩 500 件")
    expect(next_drop).to_have_text("")
    assert datetime.now(UTC) >= opens_at


def test_both_languages_and_a_change_of_what_is_shown(screen: Screen, server: RunningServer) -> None:
    channel = server.channel()
    first, second = server.stocked(channel, 40, name="Lipstick"), server.stocked(channel, 7, name="Serum")
    name, path = overlay(server, first, language="en", theme="paper")
    screen.open(path)
    screen.says("40 left")
    assert screen.page.evaluate("document.documentElement.lang") == "en"
    server.hold(channel, first, 31)
    screen.says("Only 9 left")
    put(
        server.client,
        f"/v1/overlays/{name}",
        {"skus": [second, first], "language": "en", "theme": "festive", "layout": "bar"},
    )
    expect(screen.page.locator(".item")).to_have_count(2)
    screen.says("7 left")
    screen.says("Only 9 left", 1)
    expect(screen.page.locator(".stage")).to_have_attribute("data-theme", "festive")
    server.hold(channel, second, 7)
    screen.says("Sold out")


@pytest.mark.parametrize("layout", ["card", "bar"])
@pytest.mark.parametrize("theme", ["night", "paper", "festive", "clear"])
@pytest.mark.parametrize("shape", SIZES)
def test_every_look_fits_both_shapes(
    screen: Screen, server: RunningServer, shape: str, theme: str, layout: str
) -> None:
    width, height = SIZES[shape]
    screen.page.set_viewport_size({"width": width, "height": height})
    channel = server.channel()
    skus = [server.stocked(channel, 10**number, name="长名字的商品 " * number) for number in range(1, 6)]
    server.hold(channel, skus[0], 10)
    for number, place in enumerate(("bottom-left", "top-right", "bottom")):
        _, path = overlay(server, *skus[number * 2 :], theme=theme, layout=layout, place=place)
        screen.open(path)
        expect(screen.page.locator(".item")).to_have_count(len(skus) - number * 2)
        boxes = screen.page.evaluate(
            "[...document.querySelectorAll('.item, .count, .bar, .name')].map(element => {"
            "const box = element.getBoundingClientRect();"
            "return [box.left, box.top, box.right, box.bottom]})"
        )
        for left, top, right, bottom in boxes:
            assert 0 <= left < right <= width
            assert 0 <= top < bottom <= height
        spilt = screen.page.evaluate(
            "[...document.querySelectorAll('.count')]"
            ".filter(box => box.scrollWidth > box.clientWidth + 1).length"
        )
        assert spilt == 0, "a count is wider than its box"


def test_the_picture_behind_is_seen(screen: Screen, server: RunningServer) -> None:
    screen.page.set_viewport_size({"width": 640, "height": 360})
    _, path = overlay(server, server.stocked(server.channel(), 10))
    screen.open(path)
    screen.says("还剩 10 件")
    width, lines = alpha(screen.page.screenshot(omit_background=True))
    assert not any(lines[0]), "the upper edge is clear"
    assert not any(any(line[width // 2 :]) for line in lines), "the right half is clear"
    assert max(max(line) for line in lines) > 200, "the card is there"


def test_without_motion_nothing_moves(screen: Screen, server: RunningServer) -> None:
    screen.page.emulate_media(reduced_motion="reduce")
    channel = server.channel()
    sku = server.stocked(channel, 20)
    _, path = overlay(server, sku)
    screen.open(path)
    server.hold(channel, sku, 18)
    screen.says("仅剩 2 件")
    server.move(sku, "supplier", f"channel:{channel}", 5)
    expect(screen.item().locator(".badge")).to_have_css("opacity", "1")
    assert screen.page.evaluate("document.getAnimations().length") == 0


def test_cut_off_it_shows_the_last_value_with_its_age_and_comes_back(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "holdfast.db"
    context = browser.new_context(viewport={"width": 1080, "height": 1920})
    with RunningServer(path) as server:
        port, channel = server.port, server.channel()
        sku = server.stocked(channel, 50)
        _, address = overlay(server, sku)
        screen = Screen(context.new_page(), server)
        screen.room.forgiven = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_CONNECTION_RESET")
        screen.open(address)
        screen.says("还剩 50 件")
    expect(screen.chip).to_have_text(re.compile(r"^[3-9] 秒前的数据$"))
    screen.says("还剩 50 件")
    expect(screen.page.locator(".stage")).to_have_attribute("data-stale", "")
    with RunningServer(path, port=port) as again:
        again.hold(channel, sku, 45)
        expect(screen.chip).to_be_hidden(timeout=20_000)
        screen.says("仅剩 5 件")
    context.close()
    assert not screen.room.complaints


def test_a_revoked_address_goes_clear(screen: Screen, server: RunningServer) -> None:
    name, path = overlay(server, server.stocked(server.channel(), 5))
    screen.open(path)
    screen.says("还剩 5 件")
    new = server.client.post(f"/v1/overlays/{name}/rotate").json()["path"]
    expect(screen.page.locator(".item")).to_have_count(0)
    expect(screen.chip).to_have_text("贴片已停用")
    screen.open(new)
    screen.says("还剩 5 件")
    screen.room.forgiven = ("410", "404")
    screen.open(path)
    expect(screen.page.locator("main")).to_contain_text("已失效")
    screen.open("/overlay/hfo_nothing")
    expect(screen.page.locator("main")).to_contain_text("不存在")


def test_first_load_is_a_few_kilobytes(console: None) -> None:
    packed = sum(file.stat().st_size for file in BUILT.glob("assets/overlay-*.gz"))
    packed += (BUILT / "overlay.html.gz").stat().st_size
    assert 0 < packed <= FIRST_LOAD_BYTES_MAX
    assert "index-" not in (BUILT / "overlay.html").read_text(encoding="utf-8"), (
        "none of the console is loaded"
    )
