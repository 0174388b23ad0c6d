"""The page Shows: a show planned from nothing, run by two people, ended, and read afterwards."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.running import RunningServer, put
from tests.browser.room import Room
from tests.browser.test_looks import violations


@pytest.fixture
def stall(server: RunningServer) -> tuple[str, str, str, str]:
    """A channel, and three items: two with stock on it, one with 40 unallocated."""
    channel = server.channel(name="抖音旗舰店")
    first = server.stocked(channel, 300, name="雾面口红", price_cents=9_900, cost_cents=3_000)
    second = server.stocked(channel, 200, name="马克杯", price_cents=5_900, cost_cents=2_000)
    third = server.sku(name="羊绒围巾", price_cents=19_900, cost_cents=9_000)
    server.move(third, "supplier", "unallocated", 40)
    return channel, first, second, third


def plan(server: RunningServer, channel: str, *items: dict[str, Any], id: str = "s-1") -> str:
    """A planned show."""
    body = {
        "name": "双11主场",
        "channels": [channel],
        "starts_at": "2026-11-26T20:00:00+08:00",
        "ends_at": "2026-11-26T23:00:00+08:00",
        "items": list(items),
    }
    put(server.client, f"/v1/shows/{id}", body)
    return id


def live(server: RunningServer, channel: str, *items: dict[str, Any]) -> str:
    """A show that has started, whatever the preflight says."""
    id = plan(server, channel, *items)
    found = server.client.post(f"/v1/shows/{id}/preflight").json()["findings"]
    overrule = {each["code"]: "试播" for each in found if each["level"] == "error"}
    body = {"id": "start-1", "overrule": overrule}
    assert server.client.post(f"/v1/shows/{id}/start", json=body).status_code == 200
    return id


def line(page: Page, sku: str) -> Locator:
    """An item's line of the rundown."""
    return page.locator(f'[data-testid="rundown-row"][data-sku="{sku}"]')


def add(page: Page, name: str) -> None:
    """Search an item and add it to the rundown."""
    page.get_by_label("搜索商品加入排品").click()
    page.keyboard.type(name)
    page.locator(".ant-select-item-option", has_text=name).first.click()


def test_a_show_is_planned_from_nothing(
    server: RunningServer, room: Room, stall: tuple[str, str, str, str]
) -> None:
    channel, first, _, third = stall
    page = room.page
    room.enter()
    page.get_by_role("link", name="场次", exact=True).click()
    expect(page.get_by_text("还没有场次")).to_be_visible()
    page.get_by_role("button", name="新建场次").click()
    page.get_by_label("场次名称").fill("双11主场")
    page.get_by_label("渠道").click()
    page.keyboard.type("抖音")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("建.?立")).click()
    expect(page.get_by_text("排品为空")).to_be_visible()
    add(page, "雾面口红")
    add(page, "羊绒围巾")
    planned = line(page, third).get_by_label("计划：羊绒围巾", exact=True)
    expect(planned).to_have_value("40")
    planned.fill("160")
    expect(line(page, third).get_by_test_id("stock")).to_contain_text("缺 120")
    server.move(third, "supplier", "unallocated", 100)
    expect(line(page, third).get_by_test_id("stock")).to_contain_text("缺 20")
    page.get_by_role("button", name="撤销改动").click()
    expect(planned).to_have_value("40")
    planned.fill("50")
    line(page, third).get_by_label("策略：羊绒围巾").select_option("reserve")
    line(page, third).get_by_label("每人限购：羊绒围巾", exact=True).fill("2")
    line(page, third).get_by_label("主播话术：羊绒围巾").fill("百分百山羊绒")
    line(page, third).get_by_label(re.compile("拖动")).press("ArrowUp")
    page.get_by_role("button", name=re.compile("^保.?存$")).click()
    expect(page.get_by_text("已保存")).to_be_visible()
    page.reload()
    rows = page.get_by_test_id("rundown-row")
    expect(rows.first).to_have_attribute("data-sku", third)
    expect(rows.last).to_have_attribute("data-sku", first)
    [show] = server.client.get("/v1/shows").json()["items"]
    assert show["channels"] == [channel]
    saved = show["items"][0]
    assert (saved["planned"], saved["strategy"], saved["limits"]) == (50, "reserve", {"per_buyer": 2})
    assert saved["script"] == "百分百山羊绒"


def test_a_show_is_copied_and_deleted(
    server: RunningServer, room: Room, stall: tuple[str, str, str, str]
) -> None:
    channel, first, *_ = stall
    plan(server, channel, {"sku": first, "planned": 30})
    page = room.page
    room.enter("shows")
    page.get_by_role("button", name=re.compile("^复.?制$")).click()
    page.get_by_role("button", name=re.compile("^建.?立$")).click()
    expect(page.get_by_role("heading", name="双11主场 副本")).to_be_visible()
    expect(line(page, first)).to_be_visible()
    page.get_by_role("button", name="修改场次").click()
    page.get_by_label("场次名称").fill("双12主场 副本")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^保.?存$")).click()
    expect(page.get_by_role("heading", name="双12主场 副本")).to_be_visible()
    expect(line(page, first)).to_be_visible()
    page.get_by_role("link", name="全部场次").click()
    shows = page.get_by_test_id("show")
    expect(shows).to_have_count(2)
    shows.filter(has_text="副本").get_by_role("button", name=re.compile("^删.?除$")).click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^删.?除$")).click()
    expect(shows).to_have_count(1)


def test_a_start_is_refused_with_the_shortage_and_overruled_with_a_reason(
    server: RunningServer, room: Room, stall: tuple[str, str, str, str]
) -> None:
    channel, first, _, third = stall
    short = {"sku": third, "planned": 400, "strategy": "reserve", "reserve_percent": 20}
    plan(server, channel, {"sku": first, "planned": 30}, short)
    page = room.page
    room.enter("shows/s-1")
    page.get_by_role("button", name="开播检查").click()
    dialog = page.get_by_role("dialog")
    start = dialog.get_by_role("button", name=re.compile("^开.?播$"))
    expect(dialog.get_by_text(f"{third} 计划 400 件，可售只有 40 件")).to_be_visible()
    expect(dialog.get_by_text(f"{third} 需预留 80 件，未分配只有 40 件")).to_be_visible()
    expect(start).to_have_attribute("aria-disabled", "true")
    server.move(third, "supplier", "unallocated", 60)
    dialog.get_by_role("button", name="重新检查").click()
    expect(dialog.get_by_text("此项不可放行", exact=True)).to_have_count(0)
    for field in dialog.get_by_placeholder("放行理由").all():
        field.fill("货在路上")
    start.click()
    expect(page.get_by_role("timer")).to_be_visible()
    document = server.client.get("/v1/shows/s-1").json()
    assert document["status"] == "live"
    assert {each["reason"] for each in document["overruled"]} == {"货在路上"}
    assert server.client.get(f"/v1/stock/{third}").json()["available"] >= 0


@pytest.fixture
def colleague(browser: Browser, server: RunningServer) -> Iterator[Room]:
    """A second operator in a browser of their own."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(10_000)
    made = Room(context.new_page(), server.url)
    yield made
    context.close()
    assert not made.complaints


def test_two_operators_run_a_show_to_its_end(
    server: RunningServer, room: Room, colleague: Room, stall: tuple[str, str, str, str]
) -> None:
    channel, first, second, third = stall
    live(server, channel, {"sku": first, "planned": 30}, {"sku": second, "planned": 20})
    for each in (room, colleague):
        each.enter("shows/s-1")
        expect(each.page.get_by_test_id("on-air")).to_contain_text("还没有讲解商品")
    mine, theirs = room.page, colleague.page
    mine.keyboard.press("n")
    for page in (mine, theirs):
        expect(page.get_by_test_id("on-air")).to_contain_text("雾面口红")
        expect(page.get_by_test_id("coming")).to_contain_text("马克杯")
    theirs.get_by_role("button", name="主推：马克杯").click()
    expect(mine.get_by_test_id("coming")).to_contain_text("主推中 马克杯")
    mine.get_by_role("button", name="撤销主推").click()
    expect(theirs.get_by_test_id("coming")).not_to_contain_text("主推中")
    theirs.get_by_role("button", name="临时加推").click()
    dialog = theirs.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    theirs.keyboard.type("羊绒")
    theirs.locator(".ant-select-item-option", has_text="羊绒围巾").click()
    dialog.get_by_label("计划件数").fill("10")
    dialog.get_by_role("button", name=re.compile("加.?推")).click()
    expect(mine.get_by_test_id("coming")).to_contain_text("羊绒围巾")
    expect(line(mine, third)).to_contain_text("加推")
    server.client.post(f"/v1/holds/{server.hold(channel, first, 4).json()['id']}/confirm")
    mine.get_by_role("button", name=re.compile("^下一个")).click()
    expect(theirs.get_by_test_id("on-air")).to_contain_text("羊绒围巾")
    theirs.get_by_role("button", name=re.compile("^撤销下一个")).click()
    expect(mine.get_by_test_id("on-air")).to_contain_text("雾面口红")
    mine.get_by_role("button", name=re.compile("^下.?播$")).click()
    mine.get_by_role("dialog").get_by_role("button", name=re.compile("^下.?播$")).click()
    for page in (mine, theirs):
        result = page.locator(f'[data-testid="result"][data-sku="{first}"]')
        expect(result.get_by_role("img")).to_have_accessible_name("雾面口红：计划 30，售出 4")


def test_the_live_page_and_the_host_follow_the_show(
    server: RunningServer, room: Room, stall: tuple[str, str, str, str]
) -> None:
    channel, first, second, third = stall
    script = {"sku": first, "planned": 30, "script": "今晚第一波福利"}
    live(server, channel, script, {"sku": second, "planned": 20})
    page = room.page
    room.enter()
    strip = page.locator(".show-strip")
    expect(strip.get_by_test_id("coming")).to_contain_text("雾面口红")
    with room.page.expect_popup() as opened:
        page.get_by_role("link", name="主播屏").click()
    host = opened.value
    page.locator("body").press("n")
    expect(strip.get_by_test_id("on-air")).to_contain_text("雾面口红")
    expect(page.locator('[role="row"][data-sku]').first).to_have_attribute("data-sku", first)
    expect(host.get_by_role("heading", name="雾面口红")).to_be_visible()
    expect(host.get_by_test_id("host-script")).to_contain_text("今晚第一波福利")
    expect(host.get_by_test_id("host-script")).to_contain_text("下一个：马克杯")
    assert not violations(room)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("下一个")
    page.get_by_role("option", name="下一个 · 马克杯").click()
    expect(host.get_by_role("heading", name="马克杯")).to_be_visible()
    expect(page.locator('[role="row"][data-sku]').first).to_have_attribute("data-sku", second)
    host.get_by_role("button", name="换商品").click()
    host.get_by_role("button", name="羊绒围巾").click()
    expect(host.get_by_role("heading", name="羊绒围巾")).to_be_visible()
    strip.get_by_role("button", name=re.compile("撤.?销")).click()
    expect(strip.get_by_test_id("on-air")).to_contain_text("雾面口红")
    expect(host.get_by_role("heading", name="羊绒围巾")).to_be_visible()
    host.get_by_role("button", name="跟随场次").click()
    expect(host.get_by_role("heading", name="雾面口红")).to_be_visible()
    expect(host.get_by_test_id("host-number")).to_contain_text("300")
    strip.get_by_role("link", name="双11主场").click()
    expect(line(page, third)).to_have_count(0)
    expect(line(page, second)).to_contain_text("待讲")


def test_anothers_plan_is_not_overwritten(
    server: RunningServer, room: Room, stall: tuple[str, str, str, str]
) -> None:
    channel, first, second, _ = stall
    plan(server, channel, {"sku": first, "planned": 30})
    page = room.page
    room.enter("shows/s-1")
    line(page, first).get_by_label("计划：雾面口红", exact=True).fill("31")
    plan(server, channel, {"sku": first, "planned": 77}, {"sku": second, "planned": 5})
    expect(page.get_by_text("别人刚改过这份排品")).to_be_visible()
    page.get_by_role("button", name="放弃我的，看最新").click()
    expect(line(page, second)).to_be_visible()
    expect(line(page, first).get_by_label("计划：雾面口红", exact=True)).to_have_value("77")


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_shows_are_accessible_and_fit(
    server: RunningServer, room: Room, stall: tuple[str, str, str, str], size: tuple[int, int]
) -> None:
    channel, first, second, third = stall
    items = [{"sku": first, "planned": 30}, {"sku": second, "planned": 20, "script": "经典款"}]
    plan(server, channel, *items, {"sku": third, "planned": 90, "strategy": "reserve"})
    page = room.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    room.enter("shows")
    expect(page.get_by_test_id("show")).to_have_count(1)
    assert not violations(room)
    page.goto(f"{room.url}/console/shows/s-1")
    expect(page.get_by_test_id("rundown-row")).to_have_count(3)
    expect(line(page, third).get_by_test_id("stock")).to_contain_text("缺 50")
    assert not violations(room)
    page.get_by_role("button", name="English").click()
    expect(line(page, third).get_by_test_id("stock")).to_contain_text("50 short")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert not violations(room)
    found = server.client.post("/v1/shows/s-1/preflight").json()["findings"]
    overrule = {each["code"]: "试播" for each in found if each["level"] == "error"}
    server.client.post("/v1/shows/s-1/start", json={"id": "go", "overrule": overrule})
    server.client.post("/v1/shows/s-1/next", json={"id": "n1"})
    expect(page.get_by_test_id("on-air")).to_contain_text("雾面口红")
    assert not violations(room)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    server.client.post("/v1/shows/s-1/end", json={"id": "e1"})
    expect(page.get_by_test_id("result")).to_have_count(3)
    assert not violations(room)


def test_a_show_that_is_not_there_says_so(room: Room) -> None:
    room.enter("shows/nothing")
    expect(room.page.get_by_text("没有这个场次")).to_be_visible()
