"""Drops are planned, locked, put off, opened and closed on the page; it says what it will do, and why not."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.api.running import RunningServer, unique
from tests.browser.room import Room
from tests.browser.test_looks import violations


def local(after_s: float) -> str:
    """A moment as the browser's field takes it; the browser runs in UTC."""
    return (datetime.now(UTC) + timedelta(seconds=after_s)).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.fixture
def shop(server: RunningServer) -> tuple[str, str]:
    """An item with 100 unallocated units, and a channel of our own."""
    channel, sku = server.channel(), server.sku()
    server.move(sku, "supplier", "unallocated", 100)
    return channel, sku


def plan(server: RunningServer, shop: tuple[str, str], units: int = 40, after_s: float = 3_600) -> str:
    """A locked drop, made by another client."""
    id, (channel, sku) = unique("drop"), shop
    at = (datetime.now(UTC) + timedelta(seconds=after_s)).isoformat()
    body = {"sku": sku, "channels": {channel: units}, "opens_at": at}
    assert server.client.put(f"/v1/drops/{id}", json=body).status_code == 200
    return id


def units_of(server: RunningServer, sku: str, account: str) -> int:
    accounts = server.client.get(f"/v1/stock/{sku}").json()["accounts"]
    return next((each["posted"] for each in accounts if each["account"] == account), 0)


def test_a_drop_is_planned_and_its_units_are_locked(
    server: RunningServer, room: Room, shop: tuple[str, str]
) -> None:
    channel, sku = shop
    room.enter("drops")
    page, id = room.page, unique("drop")
    page.get_by_role("button", name="新建投放").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="保存投放").click()
    expect(dialog.get_by_text("以字母或数字开头，只含")).to_be_visible()
    expect(dialog.get_by_text("至少给一个渠道分件数")).to_be_visible()
    dialog.get_by_label("投放编号").fill(id)
    dialog.get_by_label("商品", exact=True).fill(sku)
    page.locator(".ant-select-item-option", has_text=sku).click()
    name = server.client.get(f"/v1/channels/{channel}").json()["name"]
    field = dialog.get_by_label(f"{name} 件数").first
    field.fill("140")
    expect(dialog.get_by_test_id("there")).to_contain_text("未分配还有 100 件，本次锁 140 件")
    dialog.get_by_label("开售时间").fill(local(3_600))
    dialog.get_by_label("结束时间（可不填）").fill(local(60))
    dialog.get_by_role("button", name="保存投放").click()
    expect(dialog.get_by_text("结束要晚于开售")).to_be_visible()
    assert not violations(room)
    dialog.get_by_label("结束时间（可不填）").fill("")
    dialog.get_by_role("button", name="保存投放").click()
    expect(dialog.get_by_role("alert").last).to_contain_text("100")
    field.fill("40")
    id2 = unique("drop")
    dialog.get_by_label("投放编号").fill(id2)
    dialog.get_by_role("button", name="保存投放").click()
    line = page.locator(f'[data-drop="{id2}"]')
    expect(line.get_by_test_id("state")).to_have_text("已锁货")
    expect(line.get_by_test_id("left")).to_contain_text("后开售")
    assert units_of(server, sku, f"drop:{id2}") == 40
    assert not room.complaints or all("409" in each for each in room.complaints)
    room.complaints.clear()


def test_every_step_says_first_what_it_will_do(
    server: RunningServer, room: Room, shop: tuple[str, str]
) -> None:
    channel, sku = shop
    id = plan(server, shop)
    room.enter("drops")
    page = room.page
    line = page.locator(f'[data-drop="{id}"]')
    line.get_by_role("button", name="改时间").click()
    page.get_by_role("dialog").get_by_label("开售时间").fill(local(7_200))
    page.get_by_role("dialog").get_by_role("button", name="改时间").click()
    expect(line.get_by_test_id("left")).to_contain_text("h59")
    line.get_by_role("button", name="立即开售").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"40 件 {sku} 立即进入")
    assert not violations(room)
    dialog.get_by_role("button", name="返回").click()
    expect(line.get_by_test_id("state")).to_have_text("已锁货")
    line.get_by_role("button", name="立即开售").click()
    page.get_by_role("dialog").get_by_role("button", name="立即开售").click()
    expect(line.get_by_test_id("state")).to_have_text("● 正在开售")
    assert units_of(server, sku, f"channel:{channel}") == 40
    line.get_by_role("button", name="结束", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="结束", exact=True).click()
    expect(line).to_have_count(0)
    room.opens("drops?show=closed")
    expect(page.locator(f'[data-drop="{id}"]')).to_contain_text("收回 40 件")
    assert units_of(server, sku, "unallocated") == 100


def test_limits_and_gate_of_a_drop_stand_in_its_row_and_a_hand_edit_is_said(
    server: RunningServer, room: Room, shop: tuple[str, str]
) -> None:
    channel, sku = shop
    room.enter("drops")
    page, id = room.page, unique("drop")
    page.get_by_role("button", name="新建投放").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("投放编号").fill(id)
    dialog.get_by_label("商品", exact=True).fill(sku)
    page.locator(".ant-select-item-option", has_text=sku).click()
    name = server.client.get(f"/v1/channels/{channel}").json()["name"]
    dialog.get_by_label(f"{name} 件数").first.fill("40")
    dialog.get_by_label("开售时间").fill(local(3_600))
    dialog.get_by_label("每单最多").fill("0")
    dialog.get_by_role("button", name="保存投放").click()
    expect(dialog.get_by_text("请填正整数，或留空")).to_be_visible()
    dialog.get_by_label("每单最多").fill("1")
    dialog.get_by_label("每人全渠道最多").fill("2")
    dialog.get_by_label("入场券入口").fill("noon")
    assert not violations(room)
    dialog.get_by_role("button", name="保存投放").click()
    line = page.locator(f'[data-drop="{id}"]')
    expect(line.get_by_test_id("terms")).to_have_text("每单 1 · 每人全渠道 2 · 凭券 noon")
    made = server.client.get(f"/v1/drops/{id}").json()
    assert made["limits"] == {"per_order": 1, "per_buyer_across_channels": 2}
    server.client.post(f"/v1/drops/{id}/open").raise_for_status()
    server.client.put(f"/v1/skus/{sku}", json={"name": sku}).raise_for_status()
    room.opens("drops")
    expect(line.get_by_test_id("terms")).to_contain_text("已被人工修改")
    assert not violations(room)


def test_what_another_operator_does_is_seen_at_once(
    server: RunningServer, room: Room, shop: tuple[str, str]
) -> None:
    room.enter("drops")
    id = plan(server, shop)
    line = room.page.locator(f'[data-drop="{id}"]')
    expect(line.get_by_test_id("state")).to_have_text("已锁货", timeout=3_000)
    assert server.client.post(f"/v1/drops/{id}/open").status_code == 200
    expect(line.get_by_test_id("state")).to_have_text("● 正在开售", timeout=3_000)


def test_it_opens_by_itself_and_the_page_says_so(
    server: RunningServer, room: Room, shop: tuple[str, str]
) -> None:
    room.enter()
    id = plan(server, shop, after_s=4)
    room.enter("drops")
    line = room.page.locator(f'[data-drop="{id}"]')
    expect(line.get_by_test_id("left")).to_contain_text("0:0")
    expect(line.get_by_test_id("state")).to_have_text("● 正在开售", timeout=8_000)


def test_who_may_only_look_is_told_why(server: RunningServer, room: Room, shop: tuple[str, str]) -> None:
    id = plan(server, shop)
    name = unique("viewer")
    key = server.client.post("/v1/keys", json={"name": name, "role": "viewer"}).json()["key"]
    room.enter("drops", key=key)
    button = room.page.locator(f'[data-drop="{id}"]').get_by_role("button", name="立即开售")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    expect(room.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)], ids=["laptop", "desk", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_reads_well_in_both_languages_and_all_sizes(
    server: RunningServer, room: Room, shop: tuple[str, str], size: tuple[int, int], language: str
) -> None:
    plan(server, shop)
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    room.prefers(language=language)
    room.enter("drops")
    words = "后开售" if language == "zh" else "opens in"
    expect(room.page.get_by_test_id("left").first).to_contain_text(words)
    assert not violations(room)
    overflow = room.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
