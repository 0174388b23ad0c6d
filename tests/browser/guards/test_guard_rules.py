"""Rules of items are seen at a glance, set from a preset, tried on past orders, saved and taken back."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.api.guards.test_tickets import hold, open_sale
from tests.api.running import RunningServer, put, unique
from tests.browser.room import Room
from tests.browser.test_looks import violations


def opens(room: Room, query: str = "") -> None:
    """Come to the page by its address."""
    room.page.goto(f"{room.url}/console/guards{query}")
    expect(room.page.get_by_test_id("line")).to_have_text("已连接")


def guard_of(server: RunningServer, sku: str) -> Any:
    return server.client.get(f"/v1/skus/{sku}").json().get("guard")


def test_a_preset_is_filled_in_said_in_words_saved_and_taken_back(server: RunningServer, room: Room) -> None:
    sku = unique("SKU")
    limits = {"period": "keep", "per_order": 2}
    put(server.client, f"/v1/skus/{sku}", {"name": "口红", "price_cents": 990, "limits": limits})
    room.enter()
    opens(room)
    page = room.page
    expect(page.get_by_text("还没有商品设防护规则")).to_be_visible()
    page.get_by_label("给商品设规则").fill(sku)
    page.locator(".ant-select-item-option", has_text=sku).click()
    drawer = page.get_by_role("dialog")
    words = drawer.get_by_test_id("words")
    expect(words).to_contain_text("没有规则，谁都能买")
    drawer.get_by_role("button", name="秒杀").click()
    expect(words).to_contain_text("同一买家 10 分钟内最多 1 单（超出拒绝）")
    drawer.get_by_label("同一买家 单").fill("0")
    drawer.get_by_role("button", name="保存规则").click()
    expect(drawer.get_by_text("正整数，或留空").first).to_be_visible()
    drawer.get_by_label("同一买家 单").fill("3")
    drawer.get_by_label("凭入场券（入场口）").fill("hall 1")
    drawer.get_by_role("button", name="保存规则").click()
    expect(drawer.get_by_text("以字母或数字开头")).to_be_visible()
    drawer.get_by_label("凭入场券（入场口）").fill("hall")
    expect(words).to_contain_text("凭「hall」的入场券")
    assert not violations(room)
    drawer.get_by_role("button", name="保存规则").click()
    row = page.locator(f'[data-guard="{sku}"]')
    expect(row).to_contain_text("买家 3 单 / 10 分钟")
    saved = server.client.get(f"/v1/skus/{sku}").json()
    assert saved["guard"]["ticket_gate"] == "hall"
    assert saved["guard"]["buyers_per_address"] == {"limit": 2, "outcome": "review"}
    assert (saved["price_cents"], saved["limits"]["per_order"]) == (990, 2), "the rest of the item stays"
    page.get_by_test_id("undo").click()
    expect(row).to_have_count(0)
    assert guard_of(server, sku) is None


def test_rules_are_cleared_and_what_others_changed_is_not_wiped_out(
    server: RunningServer, room: Room
) -> None:
    sku = open_sale(server, lists=True, units_max=50)
    room.enter()
    opens(room)
    page = room.page
    row = page.locator(f'[data-guard="{sku}"]')
    expect(row).to_contain_text("50 件")
    row.get_by_role("button", name="编辑").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_test_id("words")).to_contain_text("最多卖 50 件，到数自动冻结")
    put(server.client, f"/v1/skus/{sku}", {"name": "另改", "guard": {"period": "show", "units_max": 60}})
    drawer.get_by_role("button", name="清空规则").click()
    expect(drawer.get_by_test_id("words")).to_contain_text("没有规则")
    drawer.get_by_role("button", name="保存规则").click()
    expect(drawer.get_by_role("alert")).to_be_visible()
    assert guard_of(server, sku)["units_max"] == 60
    opens(room, f"?sku={sku}")
    drawer.get_by_role("button", name="清空规则").click()
    drawer.get_by_role("button", name="保存规则").click()
    expect(row).to_have_count(0)
    assert guard_of(server, sku) is None


def test_rules_are_tried_on_the_past_and_a_cluster_is_blocked_and_freed(
    server: RunningServer, room: Room
) -> None:
    sku = open_sale(server, lists=True)
    for number in range(5):
        body = hold(sku, f"try-{number}", signals={"device": "one"})
        assert server.client.post("/v1/holds", json=body).status_code == 201
    before = server.client.get(f"/v1/stock/{sku}").json()
    room.enter()
    opens(room, f"?sku={sku}")
    page = room.page
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("同一设备 单").fill("2")
    drawer.get_by_role("button", name="用上周的订单试一试").click()
    totals = drawer.get_by_test_id("totals")
    expect(totals).to_contain_text("下单5")
    expect(totals).to_contain_text("拒绝3（60%）")
    expect(drawer.locator('[data-reason="too_fast"]')).to_contain_text("3")
    assert guard_of(server, sku) == {"period": "show", "lists": True}, "a try saves nothing"
    opens(room, "?tab=preview")
    page.get_by_role("button", name="开始预演").click()
    totals = page.get_by_test_id("totals")
    expect(totals).to_contain_text("放行5（100%）")
    page.get_by_label("规则", exact=True).click()
    page.locator(".ant-select-item-option", has_text="秒杀").click()
    page.get_by_role("button", name="重新预演").click()
    expect(totals).to_contain_text("拒绝4（80%）")
    assert server.client.get(f"/v1/stock/{sku}").json() == before
    cluster = page.locator("[data-cluster]").first
    expect(cluster).to_contain_text("设备")
    cluster.get_by_role("button", name="拉黑").click()
    expect(cluster).to_contain_text("已拉黑")
    assert not violations(room)
    (listed,) = server.client.get("/v1/buyers/lists/block").json()["items"]
    assert listed["kind"] == "device"
    refused = server.client.post("/v1/holds", json=hold(sku, "new", signals={"device": "one"}))
    assert refused.json()["facts"]["by"] == "device"
    page.get_by_test_id("undo").click()
    expect(cluster.get_by_role("button", name="拉黑")).to_be_visible()
    assert server.client.get("/v1/buyers/lists/block").json()["items"] == []


def test_who_may_only_look_is_told_why(server: RunningServer, room: Room) -> None:
    sku = open_sale(server, lists=True)
    key = server.client.post("/v1/keys", json={"name": unique("viewer"), "role": "viewer"}).json()["key"]
    room.enter(key=key)
    opens(room)
    button = room.page.locator(f'[data-guard="{sku}"]').get_by_role("button", name="编辑")
    expect(button).to_have_attribute("aria-description", "需要运营权限，当前为只读")
    opens(room, f"?sku={sku}")
    save = room.page.get_by_role("dialog").get_by_role("button", name="保存规则")
    expect(save).to_have_attribute("aria-disabled", "true")
    for tab, name in (("lists", "加入名单"), ("tickets", "发券")):
        opens(room, f"?tab={tab}")
        expect(room.page.get_by_role("button", name=name).first).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["laptop", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_reads_well_in_both_languages_and_all_sizes(
    server: RunningServer, room: Room, size: tuple[int, int], language: str
) -> None:
    speed = {"window_s": 604_800, "orders": 1, "outcome": "review"}
    sku = open_sale(server, lists=True, per_buyer=speed, ticket_gate=None, units_max=900)
    server.client.put("/v1/buyers/lists/block/eve", json={"reason": "resells"})
    for buyer in ("ann", "ann", "eve"):
        server.client.post("/v1/holds", json=hold(sku, buyer, signals={"device": "one"}))
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    room.enter()
    room.page.evaluate("language => localStorage.setItem('holdfast.language', language)", language)
    for query, seen in (
        ("", f'[data-guard="{sku}"]'),
        (f"?sku={sku}", '[data-testid="words"]'),
        ("?tab=reviews", "[data-review]"),
        ("?tab=refusals", "[data-refusal]"),
        ("?tab=lists", '[data-listed="eve"]'),
        ("?tab=tickets", ".guards-empty"),
        ("?tab=preview", '[data-testid="words"]'),
    ):
        room.page.goto(f"{room.url}/console/guards{query}")
        expect(room.page.locator(seen).first).to_be_visible(timeout=15_000)
        assert not violations(room), query
        overflow = room.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, query
