"""Keys are made, shown once, rotated and revoked; the trail tells of it; who may not is told why."""

import re

import pytest
from playwright.sync_api import expect

from tests.api.running import RunningServer, put
from tests.browser.room import Room
from tests.browser.test_looks import violations


def with_role(server: RunningServer, role: str) -> str:
    """A new key of this role."""
    answer = server.client.post("/v1/keys", json={"name": f"some-{role}", "role": role})
    key: str = answer.json()["key"]
    return key


def test_a_key_is_made_and_shown_once(server: RunningServer, room: Room) -> None:
    room.enter("settings?tab=keys")
    page = room.page
    page.get_by_role("button", name="新建密钥").click()
    page.get_by_label("名称").fill("zhang san")
    page.get_by_role("button", name="生成密钥").click()
    expect(page.get_by_text("以字母或数字开头")).to_be_visible()
    assert not violations(room)
    page.get_by_label("名称").fill("zhang.san")
    page.get_by_role("radio", name=re.compile("^只读")).check()
    page.get_by_role("button", name="生成密钥").click()
    secret = page.get_by_test_id("secret").input_value()
    assert server.client_with(secret).get("/v1/skus").status_code == 200
    assert not violations(room)
    page.get_by_role("button", name="已妥善保存").click()
    line = page.locator('[data-key="zhang.san"]')
    expect(line).to_contain_text("只读")
    assert secret not in page.content()
    line.get_by_role("button", name="轮换").click()
    page.get_by_role("dialog").get_by_role("button", name="轮换").click()
    second = page.get_by_test_id("secret").input_value()
    assert second != secret
    page.get_by_role("button", name="已妥善保存").click()
    page.locator('[data-key="zhang.san"]').first.get_by_role("button", name="停用").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("不能恢复")
    dialog.get_by_role("button", name="停用").click()
    expect(page.locator('[data-key="zhang.san"]')).to_have_count(0)
    assert server.client_with(second).get("/v1/skus").status_code == 401


def test_ones_own_key_is_marked_and_its_end_warned_of(server: RunningServer, room: Room) -> None:
    own = with_role(server, "administrator")
    with_role(server, "viewer")
    room.enter("settings?tab=keys", key=own)
    page = room.page
    line = page.locator('[data-key="some-administrator"]')
    expect(line.get_by_text("当前", exact=True)).to_be_visible()
    expect(page.locator('[data-key="some-viewer"]').get_by_text("当前", exact=True)).to_have_count(0)
    line.get_by_role("button", name="停用").click()
    expect(page.get_by_role("dialog")).to_contain_text("这是你当前登录所用的密钥")
    assert not violations(room)


def test_the_trail_is_read_in_words_and_by_target(server: RunningServer, room: Room) -> None:
    first, second = server.sku(name="口红"), server.sku(name="面膜")
    server.move(first, "supplier", "unallocated", 5)
    room.enter("settings?tab=audit")
    page = room.page
    expect(page.locator('[data-action="transfer.post"]')).to_contain_text("调拨库存")
    assert not violations(room)
    page.get_by_role("button", name=second, exact=True).click()
    expect(page).to_have_url(re.compile(f"target={second}"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("保存商品")


def test_older_entries_are_asked_for(server: RunningServer, room: Room) -> None:
    for _ in range(105):
        server.sku()
    room.enter("settings?tab=audit")
    expect(room.page.locator("tbody tr")).to_have_count(100)
    room.page.get_by_role("button", name="更早的记录").click()
    expect(room.page.get_by_text("没有更早的记录了")).to_be_visible()
    assert room.page.locator("tbody tr").count() >= 105


def test_who_may_not_is_told_why(server: RunningServer, room: Room) -> None:
    room.enter("settings?tab=keys", key=with_role(server, "viewer"))
    expect(room.page.get_by_text("只有管理员能管理密钥，当前为只读")).to_be_visible()
    room.opens("settings?tab=audit")
    expect(room.page.get_by_text("审计记录需要运营及以上权限")).to_be_visible()
    room.opens("settings?tab=roles")
    expect(room.page.get_by_role("row", name=re.compile("管理密钥"))).to_contain_text("不可以")


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_the_page_fits_in_both_languages(server: RunningServer, room: Room, size: tuple[int, int]) -> None:
    server.sku(name="口红")
    room.signs_in()
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    for tab in ("keys", "audit", "roles"):
        room.opens(f"settings?tab={tab}")
        for language in ("English", "中文"):
            wide = room.page.evaluate(
                "(e => [e.scrollWidth, e.clientWidth])(document.querySelector('.frame-main'))"
            )
            assert wide[0] <= wide[1], f"{tab} is wider than the screen before {language}"
            assert not violations(room)
            room.page.get_by_role("button", name=language).click()


def test_the_trail_tells_what_was_changed_in_words(server: RunningServer, room: Room) -> None:
    sku = server.sku(name="马克杯", price_cents=5990)
    limits = {"period": "双11", "per_buyer": 2}
    put(server.client, f"/v1/skus/{sku}", {"name": "马克杯", "price_cents": 4990, "limits": limits})
    room.enter(f"settings?tab=audit&target={sku}")
    row = room.page.locator('[data-action="sku.put"]').first
    expect(row).to_contain_text("售价: 59.90 → 49.90 · 限购: 无 → 周期 双11 每人 2")
    assert not violations(room)
    room.page.get_by_role("button", name="English").click()
    expect(row).to_contain_text("price: 59.90 → 49.90")
