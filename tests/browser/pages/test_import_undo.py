"""An import on the page Items taken back: what that does is said before, what changed since stays."""

import pytest
from playwright.sync_api import Locator, expect

from tests.api.running import RunningServer, put
from tests.browser.pages.test_import import sheet
from tests.browser.room import Room
from tests.browser.test_looks import violations


@pytest.fixture
def items(server: RunningServer) -> list[str]:
    """Three items and one channel."""
    server.channel(name="抖音旗舰店")
    return [server.sku(name="口红", price_cents=5990) for _ in range(3)]


def bring_in(room: Room, text: str) -> Locator:
    """Import a file from the page Items; the bar that says so."""
    room.enter()
    room.page.goto(f"{room.url}/console/items?import=file")
    dialog = room.page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(sheet(text))
    dialog.get_by_role("button", name="确认导入").click()
    expect(dialog.get_by_role("status")).to_contain_text("导入完成")
    dialog.get_by_role("button", name="关闭").last.click()
    bar = room.page.get_by_test_id("imported")
    expect(bar).to_be_visible()
    return bar


def test_an_import_is_taken_back_except_what_changed_since(
    server: RunningServer, room: Room, items: list[str]
) -> None:
    first, second, third = items
    rows = "".join(f"{sku},口红,49.9,{n}0,\n" for n, sku in enumerate(items, 1))
    bar = bring_in(room, f"商品编码,商品名称,售价,库存,渠道:抖音旗舰店\n{rows}NEW-1,马克杯,,100,40\n")
    expect(bar).to_contain_text("已导入 4 行")
    put(server.client, f"/v1/skus/{second}", {"name": "口红", "price_cents": 4500})
    server.move(third, "unallocated", "reserve", 25)
    bar.get_by_role("button", name="撤销导入").click()
    dialog = room.page.get_by_role("dialog")
    facts = dialog.get_by_test_id("undo-facts")
    expect(facts).to_contain_text("恢复旧值 1 个商品")
    expect(facts).to_contain_text("反向调拨 3 笔")
    expect(dialog).to_contain_text("新建的 1 个商品会保留")
    expect(dialog.locator(f'[data-refused="{second}"]')).to_contain_text("导入之后又改过售价")
    expect(dialog.locator(f'[data-refused="{third}"]')).to_contain_text("已卖出、被锁定或已调走")
    assert not violations(room)
    assert server.client.get(f"/v1/skus/{first}").json()["price_cents"] == 4990, "nothing is done by looking"
    dialog.get_by_role("button", name="确认撤销").click()
    expect(dialog.get_by_role("status")).to_contain_text("已撤销，2 行保持不变")
    dialog.get_by_role("button", name="关闭").last.click()
    assert server.client.get(f"/v1/skus/{first}").json()["price_cents"] == 5990
    assert server.client.get("/v1/stock/NEW-1").json()["on_hand"] == 0
    assert server.client.get(f"/v1/skus/{second}").json()["price_cents"] == 4500
    expect(room.page.locator(f'[data-sku="{first}"]')).to_contain_text("59.90")

    server.move(third, "reserve", "unallocated", 25)
    bar.get_by_role("button", name="撤销导入").click()
    expect(facts).to_contain_text("此前已撤销 2 行")
    dialog.get_by_role("button", name="确认撤销").click()
    expect(dialog.get_by_role("status")).to_contain_text("已撤销，1 行保持不变")
    assert server.client.get(f"/v1/stock/{third}").json()["on_hand"] == 0


def test_the_undoing_can_be_read_in_the_trail_and_the_bar_put_away(
    server: RunningServer, room: Room, items: list[str]
) -> None:
    bar = bring_in(room, f"商品编码,库存\n{items[0]},7\n")
    bar.get_by_role("button", name="撤销导入").click()
    dialog = room.page.get_by_role("dialog")
    dialog.get_by_role("button", name="确认撤销").click()
    expect(dialog.get_by_role("status")).to_contain_text("这次导入已撤销")
    dialog.get_by_role("button", name="关闭").last.click()
    expect(bar.get_by_role("button", name="撤销导入")).to_have_count(0)
    bar.get_by_role("button", name="收起").click()
    expect(bar).to_have_count(0)
    room.page.goto(f"{room.url}/console/ledger?sku={items[0]}")
    expect(room.page.get_by_test_id("transfer").first).to_contain_text("撤销：表格导入")
    room.page.goto(f"{room.url}/console/settings?tab=audit")
    expect(room.page.locator('[data-action="item_import.undo"]')).to_contain_text("撤销商品导入")
