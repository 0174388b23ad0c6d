"""The page Items: made, changed with an undo, frozen, searched; nobody's change is wiped out."""

import pytest
from playwright.sync_api import expect

from tests.api.running import RunningServer, put
from tests.browser.room import Room
from tests.browser.test_looks import violations


def go(room: Room) -> None:
    room.enter()
    room.page.get_by_role("link", name="商品", exact=True).click()
    expect(room.page).to_have_url(f"{room.url}/console/items")


def test_an_item_is_made_changed_and_put_back(server: RunningServer, room: Room) -> None:
    go(room)
    room.page.get_by_role("button", name="新建").click()
    form = room.page.get_by_role("dialog")
    form.get_by_label("编码").fill("LIP-01")
    form.get_by_label("名称").fill("雾面口红")
    form.get_by_label("售价").fill("￥59.9")
    room.page.get_by_role("button", name="保存").click()
    expect(room.page.locator('[data-sku="LIP-01"]')).to_contain_text("59.90")
    assert server.client.get("/v1/skus/LIP-01").json()["price_cents"] == 5990
    room.page.get_by_role("button", name="雾面口红").click()
    form.get_by_label("售价").fill("5x")
    room.page.get_by_role("button", name="保存").click()
    expect(room.page.get_by_role("dialog")).to_be_visible()
    form.get_by_label("售价").fill("49.5")
    room.page.get_by_role("button", name="保存").click()
    expect(room.page.locator('[data-sku="LIP-01"]')).to_contain_text("49.50")
    room.page.get_by_test_id("undo").click()
    expect(room.page.locator('[data-sku="LIP-01"]')).to_contain_text("59.90")
    assert server.client.get("/v1/skus/LIP-01").json()["price_cents"] == 5990


def test_an_exposure_is_set_and_keeps_the_other_rules(server: RunningServer, room: Room) -> None:
    sku = server.sku(name="不限量面膜", guard={"period": "晚场", "lists": True})
    go(room)
    room.page.get_by_role("button", name="不限量面膜").click()
    form = room.page.get_by_role("dialog")
    expect(form.get_by_label("敞口周期")).to_have_value("晚场")
    form.get_by_label("敞口周期").fill("")
    form.get_by_label("最多卖出").fill("5000")
    form.get_by_label("最多亏损").fill("12,000.5")
    room.page.get_by_role("button", name="保存").click()
    expect(form).to_contain_text("设了敞口就要填敞口周期")
    form.get_by_label("敞口周期").fill("夜场")
    assert violations(room) == []
    room.page.get_by_role("button", name="保存").click()
    expect(room.page.get_by_test_id("undo")).to_be_visible()
    saved = server.client.get(f"/v1/skus/{sku}").json()["guard"]
    assert saved == {"period": "夜场", "lists": True, "units_max": 5000, "loss_cents_max": 1_200_050}


def test_a_change_of_somebody_else_is_not_wiped_out(server: RunningServer, room: Room) -> None:
    sku = server.sku(name="马克杯", price_cents=1000)
    go(room)
    room.page.get_by_role("button", name="马克杯").click()
    form = room.page.get_by_role("dialog")
    form.get_by_label("售价").fill("12")
    put(server.client, f"/v1/skus/{sku}", {"name": "大马克杯", "price_cents": 1000})
    room.page.get_by_role("button", name="保存").click()
    expect(room.page.get_by_role("alert")).to_be_visible()
    assert server.client.get(f"/v1/skus/{sku}").json()["price_cents"] == 1000


def test_freezing_searching_and_the_way_to_the_ledger(server: RunningServer, room: Room) -> None:
    channel = server.channel()
    first, other = server.stocked(channel, 7, name="围巾"), server.stocked(channel, 9, name="帽子")
    go(room)
    row = room.page.locator(f'[data-sku="{first}"]')
    expect(row.get_by_test_id("available")).to_have_text("7")
    row.get_by_role("button", name="冻结").click()
    expect(row).to_contain_text("已冻结")
    assert server.client.get(f"/v1/skus/{first}").json()["frozen"] is True
    room.page.get_by_test_id("undo").click()
    expect(row).not_to_contain_text("已冻结")
    room.press("/")
    room.page.keyboard.type("帽子")
    expect(room.page.locator("[data-sku]")).to_have_count(1)
    room.page.locator(f'[data-sku="{other}"]').get_by_role("link").click()
    expect(room.page).to_have_url(f"{room.url}/console/ledger?sku={other}")


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_the_items_are_accessible_and_fit(server: RunningServer, room: Room, size: tuple[int, int]) -> None:
    channel = server.channel()
    for number in range(12):
        server.stocked(channel, 10, name=f"雾面口红 {number}", price_cents=5990, frozen=number == 3)
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    room.enter("items")
    expect(room.page.locator("[data-sku]").first).to_be_visible()
    assert not violations(room)
    assert room.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    room.page.get_by_role("button", name="English").click()
    expect(room.page.get_by_role("heading", name="Items")).to_be_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_form_is_accessible_and_nothing_of_it_is_cut_off(
    server: RunningServer, room: Room, theme: str
) -> None:
    sku = server.sku(name="口红", limits={"period": "双十二", "per_order": 2})
    room.prefers(theme=theme)
    room.enter(f"items?sku={sku}")
    expect(room.page.get_by_label("停售时间")).to_be_visible()
    wide = room.page.evaluate(
        "(e => [e.scrollWidth, e.clientWidth])(document.querySelector('.ant-drawer-body'))"
    )
    assert wide[0] <= wide[1]
    room.page.get_by_label("每单最多").fill("x")
    expect(room.page.get_by_text("请填大于 0 的整数")).to_be_visible()
    assert not violations(room)


def test_who_may_not_change_items_is_told_why(server: RunningServer, room: Room) -> None:
    sku = server.sku(name="口红")
    made = server.client.post("/v1/keys", json={"name": "looks", "role": "viewer"}).json()
    room.enter("items", key=made["key"])
    freeze = room.page.locator(f'[data-sku="{sku}"]').get_by_role("button", name="冻结")
    expect(freeze).to_have_attribute("aria-description", "需要运营权限，当前为只读")
    # A button that is only marked as disabled is pressed all the same, and must do nothing.
    freeze.dispatch_event("click")
    expect(room.page.get_by_test_id("done")).to_have_count(0)
    assert server.client.get(f"/v1/skus/{sku}").json()["frozen"] is False
