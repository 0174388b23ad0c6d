"""The Live page follows the server, stays quick with many items, and comes back after a break."""

import re
import time

from playwright.sync_api import expect

from tests.api.running import RunningServer, put, transfer_body
from tests.browser.room import Room

SHIFTS = """window.shifts = []; new PerformanceObserver(list => { for (const entry of list.getEntries())
  window.shifts.push({value: entry.value, nodes: entry.sources.map(({node}) => node?.className ?? "")});
}).observe({type: "layout-shift"}); null"""


def test_numbers_follow_holds_made_through_the_api(server: RunningServer, room: Room) -> None:
    channel = server.channel(name="抖音旗舰店")
    sku = server.sku(name="雾面口红")
    server.move(sku, "supplier", "unallocated", 1_500)
    server.move(sku, "unallocated", f"channel:{channel}", 60)
    server.move(sku, "unallocated", "reserve", 40)
    room.enter()
    room.sees(sku, "available", "1,460")
    room.sees(sku, "unallocated", "1,400")
    room.sees(sku, "reserve", "40")
    hold = server.hold(channel, sku, 3).json()["id"]
    room.sees(sku, "available", "1,457")
    room.sees(sku, "held", "3", channel)
    room.sees(sku, "right", "60", channel)
    server.client.post(f"/v1/holds/{hold}/confirm")
    room.sees(sku, "held", "0", channel)
    room.sees(sku, "right", "57", channel)
    room.sees(sku, "sold", "3", channel)
    expect(room.page.get_by_text("抖音旗舰店").first).to_be_visible()
    # What a change took to the screen is measured and shown.
    expect(room.page.get_by_test_id("lag")).to_have_text(re.compile(r"^\d+ / \d+$"))


def test_the_keyboard_selects_searches_and_explains(server: RunningServer, room: Room) -> None:
    channel = server.channel()
    skus = [server.stocked(channel, 10, name=name) for name in ("围巾", "马克杯", "T恤")]
    room.enter()
    expect(room.page.locator("[data-sku]")).to_have_count(3)
    room.press("ArrowDown", "ArrowDown", "k", "End")
    # Nothing sells, so their codes decide the order.
    expect(room.row(max(skus))).to_have_attribute("aria-selected", "true")
    room.press("/")
    room.page.keyboard.type("马克")
    expect(room.page.locator("[data-sku]")).to_have_count(1)
    room.press("Escape")
    expect(room.page.locator("[data-sku]")).to_have_count(3)
    room.press("?")
    expect(room.page.get_by_role("dialog")).to_contain_text("键盘操作")
    room.press("Escape")
    expect(room.page.get_by_role("dialog")).not_to_be_visible()
    room.press("Control+k")
    expect(room.page.get_by_role("combobox")).to_be_focused()
    room.page.keyboard.type("围巾 选中")
    room.press("Enter")
    expect(room.row(skus[0])).to_have_attribute("aria-selected", "true")
    expect(room.page.get_by_role("dialog")).not_to_be_visible()
    room.press("Control+k")
    expect(room.page.get_by_role("combobox")).to_be_focused()
    room.page.keyboard.type("补货")
    room.press("Enter")
    expect(room.preflight).to_contain_text("可售 10 → 110")


def test_what_runs_out_rises_to_the_top(server: RunningServer, room: Room) -> None:
    channel = server.channel()
    calm, hot = server.stocked(channel, 900), server.stocked(channel, 40)
    assert calm < hot
    room.enter()
    expect(room.page.locator("[data-sku]").first).to_have_attribute("data-sku", calm)
    opened = time.monotonic()
    for _ in range(20):
        server.hold(channel, hot)
    expect(room.row(hot)).to_have_class(re.compile("level-urgent"), timeout=20_000)
    assert time.monotonic() - opened > 8, "a speed was told before there was one"
    expect(room.number(hot, "left")).to_have_text(re.compile(r"^0:\d\d$"))
    expect(room.row(hot)).to_have_attribute("aria-rowindex", "2")


def test_hundreds_of_items_are_drawn_only_where_they_are_seen(server: RunningServer, room: Room) -> None:
    channel = server.channel()
    names = [f"SKU-{number:03d}" for number in range(300)]
    for name in names:
        put(server.client, f"/v1/skus/{name}", {"name": f"商品 {name}"})
        body = transfer_body(name, "supplier", f"channel:{channel}", 100)
        assert server.client.post("/v1/transfers", json=body).status_code == 201
    room.enter()
    expect(room.row(names[0])).to_be_visible()
    assert room.page.locator("[data-sku]").count() < 40
    room.page.evaluate(SHIFTS)
    for name in names[:20]:
        server.hold(channel, name, 7)
    room.sees(names[0], "available", "93")
    # A number that loses a digit begins further right; nothing else moves.
    shifts = room.page.evaluate("window.shifts")
    assert sum(shift["value"] for shift in shifts) < 0.001, shifts
    room.press("End")
    expect(room.row(names[-1])).to_be_visible()


def test_the_page_says_that_it_is_cut_off_and_comes_back_by_itself(server: RunningServer, room: Room) -> None:
    room.forgiven = ("ERR_CONNECTION", "ERR_INCOMPLETE", "Failed to load resource", "ERR_EMPTY")
    path, port = server.path, server.port
    channel = server.channel()
    sku = server.stocked(channel, 50)
    room.enter()
    room.sees(sku, "available", "50")
    server.__exit__()
    line = room.page.get_by_test_id("line")
    expect(line).to_contain_text("已断开")
    expect(line).to_contain_text("数字停在")
    expect(room.page.locator(".stock")).to_have_class(re.compile("is-stale"))
    room.select(sku)
    room.page.get_by_role("button", name="补货").hover()
    expect(room.page.get_by_role("tooltip")).to_have_text("连接断开，恢复后再操作")
    with RunningServer(path, port=port) as again:
        expect(line).to_have_text("已连接", timeout=15_000)
        again.hold(channel, sku, 4)
        room.sees(sku, "available", "46")
        room.press("a", "Enter")
        room.sees(sku, "available", "146")
        room.page.close()


def test_the_item_on_air_stands_on_top_for_whoever_has_the_address(server: RunningServer, room: Room) -> None:
    channel = server.channel(name="抖音")
    skus = [server.stocked(channel, 10 + number) for number in range(5)]
    room.enter()
    last = skus[-1]
    room.select(last)
    room.press("p")
    expect(room.row(last)).to_contain_text("讲解中")
    expect(room.row(last)).to_have_attribute("aria-rowindex", "2")
    assert f"pitch={last}" in room.page.url
    room.page.reload()
    expect(room.row(last)).to_have_attribute("aria-rowindex", "2")
    room.select(last)
    room.press("p")
    expect(room.row(last)).not_to_contain_text("讲解中")
    room.press("Control+k")
    expect(room.page.get_by_role("combobox")).to_be_focused()
    room.page.keyboard.type("渠道页")
    room.press("Enter")
    expect(room.page).to_have_url(f"{room.url}/console/channels")
    room.page.get_by_role("link", name="中控").click()
    expect(room.page.get_by_test_id("line")).to_have_text("已连接")
