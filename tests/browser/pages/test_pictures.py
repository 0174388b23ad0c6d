"""Pictures of items in the catalogue, the live page and the host's screen; a letter where there is none."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.running import RunningServer
from tests.browser.pages.test_items import go
from tests.browser.room import Room
from tests.browser.test_looks import violations

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="red"/></svg>'
)
DATA = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
    "%3Ccircle cx='4' cy='4' r='3' fill='blue'/%3E%3C/svg%3E"
).replace(" ", "%20")


class Elsewhere:
    """A server of pictures that is not ours; it remembers what each request said of the page it came from."""

    def __init__(self) -> None:
        self.referrers: dict[str, str | None] = {}
        told = self.referrers

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told[self.path] = self.headers.get("referer")
                there = self.path != "/gone.svg"
                self.send_response(200 if there else 404)
                self.send_header("content-type", "image/svg+xml")
                self.end_headers()
                self.wfile.write(SVG if there else b"")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(5)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    running = Elsewhere()
    yield running
    running.close()


def picture(page: Page, sku: str) -> Locator:
    """The place of the picture in an item's line."""
    return page.locator(f'[role="row"][data-sku="{sku}"] .picture')


def stands(place: Locator) -> None:
    """The picture is drawn, not only asked for."""
    expect(place).to_have_attribute("data-picture", "shown")
    assert place.locator("img").evaluate("image => image.complete && image.naturalWidth > 0")


def letter(place: Locator, text: str) -> None:
    """The letter is there, and no torn picture with it."""
    expect(place).to_have_attribute("data-picture", "letter")
    expect(place).to_have_text(text)
    expect(place.locator("img")).to_have_count(0)


def test_pictures_stand_in_the_lines_and_a_letter_where_there_is_none(
    server: RunningServer, room: Room, elsewhere: Elsewhere
) -> None:
    room.forgiven = ("status of 404",)
    channel = server.channel()
    web = server.stocked(channel, name="雾面口红", image_url=f"{elsewhere.url}/lip.svg")
    own = server.stocked(channel, name="马克杯", image_url=DATA)
    gone = server.stocked(channel, name="《帆布包》", image_url=f"{elsewhere.url}/gone.svg")
    none = server.stocked(channel, name="mug")
    room.enter()
    for page in ("live", "items"):
        room.page.goto(f"{room.url}/console/{page}")
        stands(picture(room.page, web))
        stands(picture(room.page, own))
        letter(picture(room.page, gone), "帆")
        letter(picture(room.page, none), "M")
        boxes = [picture(room.page, sku).bounding_box() for sku in (web, own, gone, none)]
        sizes = {(box["width"], box["height"], box["x"]) for box in boxes if box}
        assert len(sizes) == 1, "with a picture or without, a line is laid out alike"
        assert violations(room) == []
    assert elsewhere.referrers == {"/lip.svg": None, "/gone.svg": None}, "nobody is told who looks"


def test_the_host_sees_the_picture_and_the_name_where_it_is_gone(
    server: RunningServer, room: Room, elsewhere: Elsewhere
) -> None:
    room.forgiven = ("status of 404",)
    channel = server.channel()
    web = server.stocked(channel, name="雾面口红", image_url=f"{elsewhere.url}/lip.svg")
    gone = server.stocked(channel, name="帆布包", image_url=f"{elsewhere.url}/gone.svg")
    none = server.stocked(channel, name="马克杯")
    room.enter()
    place = room.page.locator(".host-name .picture")
    room.page.goto(f"{room.url}/host?sku={web}")
    stands(place)
    room.page.goto(f"{room.url}/host?sku={gone}")
    letter(place, "帆")
    expect(room.page.get_by_role("heading", name="帆布包")).to_be_visible()
    room.page.goto(f"{room.url}/host?sku={none}")
    expect(room.page.get_by_role("heading", name="马克杯")).to_be_visible()
    expect(place).to_have_count(0)
    room.page.goto(f"{room.url}/host")
    stands(room.page.get_by_role("button", name="雾面口红").locator(".picture"))


def test_a_picture_is_given_seen_before_it_is_saved_and_outlives_a_freeze(
    server: RunningServer, room: Room, elsewhere: Elsewhere
) -> None:
    room.forgiven = ("status of 404",)
    sku = server.stocked(server.channel(), name="雾面口红")
    url = f"{elsewhere.url}/lip.svg"
    go(room)
    letter(picture(room.page, sku), "雾")
    room.page.get_by_role("button", name="雾面口红").click()
    form = room.page.get_by_role("dialog")
    preview, state = form.locator(".picture"), form.get_by_test_id("picture-state")
    letter(preview, "雾")
    form.get_by_label("图片").fill("lip.jpg")
    room.page.get_by_role("button", name="保存").click()
    expect(form).to_contain_text("请填 https:// 开头的图片网址")
    form.get_by_label("图片").fill(f"{elsewhere.url}/gone.svg")
    expect(state).to_have_text("图片打不开，请检查网址；仍可保存")
    letter(preview, "雾")
    form.get_by_label("图片").fill(url)
    expect(state).to_have_text("图片可以显示")
    stands(preview)
    assert violations(room) == []
    room.page.get_by_role("button", name="保存").click()
    stands(picture(room.page, sku))
    room.row(sku).get_by_role("button", name="冻结").click()
    expect(room.row(sku)).to_contain_text("已冻结")
    room.page.get_by_role("button", name="雾面口红").click()
    expect(form.get_by_label("图片")).to_have_value(url)
    form.get_by_label("售价").fill("59")
    room.page.get_by_role("button", name="保存").click()
    expect(room.row(sku)).to_contain_text("59.00")
    saved = server.client.get(f"/v1/skus/{sku}").json()
    assert (saved["image_url"], saved["frozen"], saved["price_cents"]) == (url, True, 5_900)
    stands(picture(room.page, sku))
