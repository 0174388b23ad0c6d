"""The overlay over a live picture: transparent, small, true, and honest when it is cut off."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.running import RunningServer, put
from tests.browser.room import Room


@pytest.fixture
def key(server: RunningServer) -> str:
    answer = server.client.post("/v1/keys", json={"name": "screen", "role": "overlay"})
    return str(answer.json()["key"])


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1080, "height": 1920})
    yield context.new_page()
    context.close()


def test_it_tells_few_gone_and_back_again(server: RunningServer, key: str, page: Page) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 120, name="雾面口红", price_cents=9_900)
    watched = Room(page, server.url)
    page.goto(f"{server.url}/overlay/{key}?sku={sku}")
    card = page.locator("#overlay")
    expect(card).to_contain_text("火热抢购中")
    expect(card).to_contain_text("¥99")
    server.hold(channel, sku, 97)
    expect(card).to_contain_text("仅剩 23 件")
    hold = server.hold(channel, sku, 23).json()["id"]
    expect(card).to_contain_text("已抢光")
    server.client.post(f"/v1/holds/{hold}/release")
    expect(card).to_contain_text("仅剩 23 件")
    expect(card).to_have_attribute("data-restocked", "true")
    expect(card).to_have_attribute("data-restocked", "false")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgba(0, 0, 0, 0)"
    box = card.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1080
    assert box["y"] + box["height"] <= 1920
    assert not watched.complaints


def test_it_counts_down_to_the_opening(server: RunningServer, key: str, page: Page) -> None:
    sku = server.stocked(server.channel(), 5)
    opens = datetime.now(UTC) + timedelta(seconds=90)
    put(server.client, f"/v1/skus/{sku}", {"name": "x", "sale_opens_at": opens.isoformat()})
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{server.url}/overlay/{key}?sku={sku}&lang=en&theme=festive")
    expect(page.locator("#overlay")).to_contain_text(re.compile(r"Opens in 1:\d\d"))


def test_it_shows_the_age_of_what_it_last_knew_and_comes_back(
    server: RunningServer, key: str, page: Page
) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 9)
    page.goto(f"{server.url}/overlay/{key}?sku={sku}")
    card = page.locator("#overlay")
    expect(card).to_contain_text("仅剩 9 件")
    server.__exit__()
    expect(card).to_contain_text(re.compile(r"数据更新于 0:\d\d 前"), timeout=12_000)
    expect(card).to_contain_text("仅剩 9 件")
    with RunningServer(server.path, port=server.port) as again:
        again.hold(channel, sku, 2)
        expect(card).to_contain_text("仅剩 7 件", timeout=15_000)
        expect(card).not_to_contain_text("数据更新于")
        page.close()
