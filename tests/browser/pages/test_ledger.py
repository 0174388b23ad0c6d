"""The page Ledger: every transfer and hold, why a number is what it is, and the file for spreadsheets."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.api.platforms.shops import connected, listing, shop, wait_for_right
from tests.api.running import RunningServer, put, transfer_body
from tests.browser.room import Room
from tests.browser.test_looks import violations


@pytest.fixture
def sold(server: RunningServer) -> tuple[str, str]:
    """Of a hundred units thirty went to a channel, where two were sold and five are held."""
    channel = server.channel(name="抖音旗舰店")
    sku = server.sku(name="雾面口红")
    server.move(sku, "supplier", "unallocated", 100)
    body = transfer_body(sku, "unallocated", f"channel:{channel}", 30, reason="=1+1")
    assert server.client.post("/v1/transfers", json=body).status_code == 201
    bought = server.hold(channel, sku, 2).json()["id"]
    assert server.client.post(f"/v1/holds/{bought}/confirm").status_code == 200
    server.hold(channel, sku, 5)
    return channel, sku


def test_a_move_of_the_allocation_says_why(server: RunningServer, room: Room) -> None:
    sku = server.sku(name="雾面口红")
    with shop() as simulator:
        channel = connected(server, simulator)
        name = listing(simulator, 0)
        put(server.client, f"/v1/channels/{channel}/listings/{name}", {"sku": sku})
        server.move(sku, "supplier", "unallocated", 12)
        wait_for_right(server, channel, name, 12)
        room.enter()
        room.select(sku)
        expect(room.page.get_by_test_id("decision")).to_have_text(
            re.compile(r"^\d\d:\d\d:\d\d 系统给 抖音 \d+ 件\s*估计销速：抖音 [\d.]+ 件/分$")
        )
        room.page.get_by_role("link", name="数怎么来的").click()
        told = room.page.get_by_test_id("transfer").filter(has_text="系统给渠道").first
        expect(told.get_by_test_id("pace")).to_have_text(re.compile(r"^估计销速：抖音 [\d.]+ 件/分$"))


def test_a_number_is_walked_back_to_its_causes(
    server: RunningServer, room: Room, sold: tuple[str, str]
) -> None:
    channel, sku = sold
    room.enter()
    room.select(sku)
    room.page.get_by_role("link", name="数怎么来的").click()
    rows = room.page.get_by_test_id("transfer")
    expect(rows).to_have_count(3)
    room.page.get_by_role("button", name="渠道配额 · 抖音旗舰店").first.click()
    expect(room.page).to_have_url(f"{room.url}/console/ledger?sku={sku}&account=channel%3A{channel}")
    why = room.page.get_by_test_id("why")
    expect(why).to_contain_text("现在 28")
    expect(why).to_contain_text("其中买家锁定 5，还能卖 23")
    expect(why).to_contain_text("✓ 2 笔逐笔相加等于 28")
    assert room.page.get_by_test_id("change").all_inner_texts() == ["−2", "+30"]
    assert room.page.get_by_test_id("after").all_inner_texts() == ["28", "30"]
    expect(rows.first).to_contain_text("订单")
    server.move(sku, "unallocated", f"channel:{channel}", 4)
    room.page.get_by_role("button", name="刷新").click()
    expect(why).to_contain_text("✓ 3 笔逐笔相加等于 32")
    room.page.reload()
    expect(why).to_contain_text("✓ 3 笔逐笔相加等于 32")


def test_holds_are_listed_and_transfers_exported(
    server: RunningServer, room: Room, sold: tuple[str, str]
) -> None:
    _, sku = sold
    room.enter()
    room.page.get_by_role("link", name="流水").click()
    expect(room.page.get_by_test_id("transfer")).to_have_count(3)
    with room.page.expect_download() as download:
        room.page.get_by_role("button", name="导出 CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 4
    assert f"{sku},30,unallocated" in text
    assert "'=1+1" in text
    room.page.get_by_text("预占", exact=True).click()
    holds = room.page.get_by_test_id("hold")
    expect(holds).to_have_count(2)
    expect(holds.first).to_contain_text("锁定中")
    expect(holds.last).to_contain_text("已付款")


def test_holds_are_exported_as_they_are_narrowed(
    server: RunningServer, room: Room, sold: tuple[str, str]
) -> None:
    channel, sku = sold
    server.hold(channel, server.stocked(channel), 1, id="6921234567890123456")
    room.enter()
    room.page.goto(f"{room.url}/console/ledger?tab=holds")
    expect(room.page.get_by_test_id("hold")).to_have_count(3)
    headings = "placed_at,id,status,channel,buyer,sku,quantity,expires_at,settled_at,review"
    for address, rows in (("?tab=holds", 3), (f"?tab=holds&sku={sku}", 2)):
        room.page.goto(f"{room.url}/console/ledger{address}")
        expect(room.page.get_by_test_id("hold")).to_have_count(rows)
        with room.page.expect_download() as download:
            room.page.get_by_role("button", name="导出 CSV").click()
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), "Excel takes it for another encoding without"
        first, *lines = content.decode("utf-8-sig").splitlines()
        assert (first, len(lines)) == (headings, rows)
        assert ("6921234567890123456\t" in content.decode()) == (rows == 3)
    assert any(f",{sku},2," in line and "confirmed" in line for line in lines)
    assert download.value.suggested_filename == f"holdfast-holds-{sku}.csv"


def test_a_long_export_says_how_far_it_is_and_can_be_stopped(
    server: RunningServer, room: Room, sold: tuple[str, str]
) -> None:
    room.enter()
    room.page.goto(f"{room.url}/console/ledger?tab=holds")
    expect(room.page.get_by_test_id("hold")).to_have_count(2)
    page = server.client.get("/v1/holds").json()
    waiting: list[Route] = []

    def endless(route: Route) -> None:
        if waiting or "before" in route.request.url:
            waiting.append(route)
        else:
            route.fulfill(json={**page, "next": "1"})

    room.page.route("**/v1/holds?limit=1000*", endless)
    room.page.get_by_role("button", name="导出 CSV").click()
    expect(room.page.get_by_role("status").filter(has_text="已读取 2 笔")).to_be_visible()
    room.page.get_by_role("button", name="取消").click()
    waiting[0].fulfill(json={**page, "next": "1"})
    expect(room.page.get_by_role("button", name="导出 CSV")).to_be_visible()
    assert len(waiting) == 1, "nothing more is read"


def test_the_ledger_is_narrowed_by_a_press_and_leads_to_the_trail(
    server: RunningServer, room: Room, sold: tuple[str, str]
) -> None:
    channel, sku = sold
    room.enter(f"ledger?sku={sku}&account=channel:{channel}")
    rows = room.page.get_by_test_id("transfer")
    expect(rows).to_have_count(2)
    rows.first.get_by_role("button", name="订单").click()
    expect(rows).to_have_count(1)
    expect(room.page.get_by_test_id("why")).to_have_count(0)
    hold = room.page.get_by_label("单据号 / 预占编号").input_value()
    assert hold in room.page.url
    assert not violations(room)
    rows.first.get_by_role("button").last.click()
    room.page.get_by_role("button", name="取消筛选：操作人").click()
    expect(rows).to_have_count(1)
    rows.first.get_by_role("link", name="审计").click()
    expect(room.page.locator('[data-action="hold.place"]')).to_contain_text(hold)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_the_ledger_is_accessible_and_fits(room: Room, sold: tuple[str, str], size: tuple[int, int]) -> None:
    channel, sku = sold
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    room.enter(f"ledger?sku={sku}&account=channel:{channel}")
    expect(room.page.get_by_test_id("transfer")).to_have_count(2)
    assert not violations(room)
    assert room.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    room.page.get_by_role("button", name="English").click()
    expect(room.page.get_by_test_id("why")).to_contain_text("add up to 28")


def test_an_empty_ledger_says_so(room: Room) -> None:
    room.enter("ledger")
    expect(room.page.get_by_text("没有符合的流水")).to_be_visible()
