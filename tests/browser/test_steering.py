"""Giving and taking back on a connected platform: a rule for its listing, which the platform agrees to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.api.running import RunningServer, wait_for
from tests.browser.room import Room
from tests.browser.test_looks import violations
from tests.sync.test_sockets import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with (
        RunningSimulator(platform_named("douyin"), seed=6) as simulator,
        RunningServer(tmp_path / "store.db") as server,
    ):
        made = Shop(server, simulator, "douyin")
        wait_for(lambda: made.counter > 8)
        wait_for(made.equal)
        yield made


def test_a_right_is_fixed_taken_back_and_left_to_the_allocation(browser: Browser, shop: Shop) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    room = Room(context.new_page(), shop.server.url)
    room.enter()
    room.select("A")
    right = shop.accounts()["channel:one"]
    room.press("r")
    room.page.keyboard.type("5")
    expect(room.preflight).to_contain_text(f"店 {right} → {right - 5} （定额，平台确认后生效）")
    room.press("Enter")
    expect(room.recent.first).to_contain_text(f"店定额 {right - 5} 件")
    room.sees("A", "right", str(right - 5), "one")
    assert shop.counter == right - 5
    room.press("z")
    expect(room.recent.nth(1)).to_have_attribute("data-status", "undone")
    rule = shop.server.client.get("/v1/channels/one/listings/9007199254740993/77").json()["rule"]
    assert rule["fixed"] is None

    right = shop.accounts()["channel:one"]
    room.press("r")
    room.page.keyboard.type("3")
    room.press("Enter")
    room.sees("A", "right", str(right - 3), "one")
    room.page.locator('[data-move="auto"]').wait_for()
    room.press("u")
    expect(room.preflight).to_contain_text(f"店不再固定 {right - 3} 件")
    room.press("Enter")
    expect(room.recent.first).to_contain_text("店恢复自动")
    expect(room.page.locator('[data-move="auto"]')).to_have_count(0)
    trail = shop.server.client.get("/v1/audit", params={"limit": 10}).json()["items"]
    assert [entry["action"] for entry in trail].count("listing.put") >= 4
    assert not room.complaints
    context.close()


def test_the_last_mismatch_of_a_counter_stands_on_the_items_line(browser: Browser, shop: Shop) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, timezone_id="Asia/Shanghai")
    room = Room(context.new_page(), shop.server.url)
    room.enter()
    mark = room.row("A").get_by_test_id("mismatch")
    expect(mark).to_have_text("对账 –")

    def found(route: Route) -> None:
        answer = route.fetch()
        document = answer.json()
        document["items"][0]["listings"][0] |= {"mismatch_at": "2026-11-26T02:10:00Z", "mismatch_units": 4}
        route.fulfill(response=answer, json=document)

    room.page.route("**/v1/sync", found)
    expect(mark).to_have_text("对账 少 4 · 10:10")
    expect(mark).to_have_attribute("title", re.compile("店 的平台库存在 .* 比配额少 4 件，已自动纠正"))
    assert not violations(room)
    room.page.unroute_all(behavior="ignoreErrors")
    assert not room.complaints
    context.close()
