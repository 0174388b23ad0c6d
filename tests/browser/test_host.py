"""The host's screen: one item that can be read from afar, on a screen and on a phone."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.api.running import RunningServer, put
from tests.browser.room import Room


def test_the_host_reads_one_item_and_what_to_say(server: RunningServer, room: Room) -> None:
    channel = server.channel(name="抖音")
    first = server.stocked(channel, 12, name="雾面口红", price_cents=9_900)
    second = server.stocked(channel, 7, name="马克杯")
    room.enter()
    room.select(first)
    with room.page.expect_popup() as opened:
        room.page.get_by_role("link", name="主播屏").click()
    host = opened.value
    number, item = host.get_by_test_id("host-number"), host.locator(".host-item")
    expect(number).to_contain_text("12")
    expect(host.get_by_role("heading", name="雾面口红")).to_be_visible()
    expect(host.get_by_text("¥99.00")).to_be_visible()
    server.hold(channel, first, 4)
    expect(number).to_contain_text("8")
    server.client.post(f"/v1/skus/{first}/freeze")
    expect(item).to_have_attribute("data-mood", "paused", timeout=10_000)
    host.keyboard.press("ArrowRight")
    expect(host).to_have_url(re.compile(f"sku={second}$"))
    server.hold(channel, second, 7)
    expect(item).to_have_attribute("data-mood", "gone")
    expect(host.get_by_text("已售罄，讲下一件")).to_be_visible()
    host.go_back()
    expect(host.get_by_role("heading", name="雾面口红")).to_be_visible()


def test_the_host_counts_down_to_the_next_drop(server: RunningServer, room: Room) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 12, name="雾面口红")
    server.move(sku, "supplier", "unallocated", 500)
    room.enter()
    room.page.goto(f"{server.url}/host?sku={sku}")
    expect(room.page.get_by_test_id("host-number")).to_contain_text("12")
    drop = room.page.get_by_test_id("host-drop")
    expect(drop).to_have_count(0)
    opens_at = datetime.now(UTC) + timedelta(minutes=10)
    body = {"sku": sku, "channels": {channel: 500}, "opens_at": opens_at.isoformat()}
    put(server.client, "/v1/drops/d-1", body)
    expect(drop).to_have_text(re.compile(r"^下一批 500 件 (9:5\d|10:00) 后开售$"))
    server.client.post("/v1/drops/d-1/open")
    expect(drop).to_have_count(0)
    expect(room.page.get_by_test_id("host-number")).to_contain_text("512")


def test_the_host_chooses_on_a_phone(server: RunningServer, room: Room) -> None:
    sku = server.stocked(server.channel(), 12_345, name="一个名字特别长的雾面哑光丝绒口红礼盒套装")
    room.signs_in()
    room.page.set_viewport_size({"width": 390, "height": 844})
    room.page.goto(f"{server.url}/host")
    room.page.get_by_role("button", name="雾面哑光").click()
    expect(room.page.get_by_test_id("host-number")).to_contain_text("12,345")
    expect(room.page).to_have_url(re.compile(f"sku={sku}$"))
    wide = room.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
