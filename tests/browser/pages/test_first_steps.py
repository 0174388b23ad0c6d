"""From an empty server to the first sale, by the console alone."""

from playwright.sync_api import expect

from tests.api.running import RunningServer
from tests.browser.room import Room
from tests.browser.test_looks import violations


def test_the_guide_leads_from_nothing_to_the_first_units_on_sale(server: RunningServer, room: Room) -> None:
    room.enter()
    guide = room.page.get_by_role("region", name="开播前的四步")
    done = guide.locator('[data-done="true"]')
    expect(guide.locator("li")).to_have_count(4)
    expect(done).to_have_count(0)
    assert not violations(room)
    guide.get_by_role("link", name="新建商品").click()
    room.page.get_by_role("button", name="新建").click()
    form = room.page.get_by_role("dialog")
    form.get_by_label("编码").fill("LIP-01")
    form.get_by_label("名称").fill("雾面口红")
    room.page.get_by_role("button", name="保存").click()
    expect(room.page.locator('[data-sku="LIP-01"]')).to_be_visible()
    server.channel(name="自营小店")
    room.page.get_by_role("link", name="中控").click()
    # An item that never had stock is no part of the feed, and there all the same.
    room.select("LIP-01")
    expect(done).to_have_count(2)
    room.press("a", "Enter")
    room.sees("LIP-01", "available", "100")
    expect(done).to_have_count(3)
    room.press("g", "Enter")
    room.sees("LIP-01", "unallocated", "75")
    expect(guide).to_have_count(0)
