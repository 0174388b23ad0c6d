"""Overlays are made with a picture of how they look, shown once, changed, given a new address and revoked."""

import re

import pytest
from playwright.sync_api import expect

from tests.api.running import RunningServer
from tests.browser.pages.test_settings import with_role
from tests.browser.room import Room
from tests.browser.test_looks import violations

SIZES = [(1366, 768), (1920, 1080), (390, 844)]


def choose_item(room: Room, name: str) -> None:
    """Choose an item by its name in the form that is open."""
    room.page.get_by_label("商品", exact=True).fill(name)
    room.page.locator(".ant-select-item-option", has_text=name).click()
    room.page.get_by_label("商品", exact=True).press("Escape")


def press(room: Room, word: str) -> None:
    """Press one of the buttons of which one is down."""
    room.page.locator(".ant-radio-button-wrapper", has_text=word).click()


def make(server: RunningServer, *skus: str) -> str:
    """An overlay of these items and its address."""
    answer = server.client.post("/v1/overlays", json={"name": "douyin-main", "skus": skus, "theme": "paper"})
    path: str = answer.json()["path"]
    return path


def test_an_overlay_is_made_as_it_looks_and_its_address_shown_once(server: RunningServer, room: Room) -> None:
    sku = server.sku(name="口红")
    room.enter("settings?tab=overlays")
    page = room.page
    expect(page.get_by_text("还没有贴片")).to_be_visible()
    page.get_by_role("button", name="新建贴片").click()
    page.get_by_label("名称").fill("douyin-main")
    page.get_by_role("button", name="生成地址").click()
    expect(page.get_by_text("请至少选一个商品")).to_be_visible()
    choose_item(room, "口红")
    press(room, "大促红")
    page.get_by_role("radio", name="右上").check()
    picture = page.frame_locator("iframe")
    stage = picture.locator(".stage")
    expect(stage).to_have_attribute("data-theme", "festive")
    expect(stage).to_have_attribute("data-place", "top-right")
    expect(stage).to_contain_text("口红")
    expect(stage).to_contain_text("仅剩23件")
    press(room, "售罄")
    expect(stage).to_contain_text("已售罄")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert not violations(room)
    page.get_by_role("button", name="生成地址").click()
    address = page.get_by_test_id("secret").input_value()
    assert address.startswith(f"{server.url}/overlay/")
    assert server.client.get(address.removeprefix(server.url)).status_code == 200
    page.get_by_role("button", name="已妥善保存").click()
    expect(page.locator('[data-overlay="douyin-main"]')).to_contain_text("大促红 · 卡片 · 右上 · 中文")
    assert address not in page.content()
    assert [item["skus"] for item in server.client.get("/v1/overlays").json()["items"]] == [[sku]]


def test_it_is_changed_given_a_new_address_and_revoked(server: RunningServer, room: Room) -> None:
    first, second = server.sku(name="口红"), server.sku(name="面膜")
    old = make(server, first)
    room.enter("settings?tab=overlays")
    page = room.page
    line = page.locator('[data-overlay="douyin-main"]')
    line.get_by_role("button", name="修改").click()
    press(room, "英文")
    choose_item(room, "面膜")
    page.get_by_role("button", name="保存").click()
    expect(line).to_contain_text("白底 · 卡片 · 左下 · 英文")
    assert server.client.get("/v1/overlays").json()["items"][0]["skus"] == [first, second]
    line.get_by_role("button", name="换地址").click()
    expect(page.get_by_role("dialog")).to_contain_text("旧地址立即失效")
    assert not violations(room)
    page.get_by_role("dialog").get_by_role("button", name="换地址").click()
    new = page.get_by_test_id("secret").input_value().removeprefix(server.url)
    assert [server.client.get(path).status_code for path in (old, new)] == [410, 200]
    page.get_by_role("button", name="已妥善保存").click()
    line.get_by_role("button", name="停用").click()
    page.get_by_role("dialog").get_by_role("button", name="停用").click()
    expect(page.get_by_text("还没有贴片")).to_be_visible()
    assert server.client.get(new).status_code == 410
    page.get_by_role("checkbox", name="显示已停用").check()
    expect(line).to_have_count(2)


def test_an_operator_changes_but_does_not_end_and_a_viewer_is_told_why(
    server: RunningServer, room: Room
) -> None:
    make(server, server.sku(name="口红"))
    room.enter("settings?tab=overlays", key=with_role(server, "operator"))
    line = room.page.locator('[data-overlay="douyin-main"]')
    for name in ("换地址", "停用"):
        button = line.get_by_role("button", name=name)
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("aria-description", re.compile("管理员"))
    line.get_by_role("button", name="修改").click()
    expect(room.page.get_by_role("dialog")).to_be_visible()
    room.page.context.clear_cookies()
    room.enter("settings?tab=overlays", key=with_role(server, "viewer"))
    expect(room.page.get_by_text("贴片需要运营及以上权限，当前为只读")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_the_tab_and_its_form_fit_in_both_languages(
    server: RunningServer, room: Room, size: tuple[int, int]
) -> None:
    make(server, server.sku(name="口红"))
    room.signs_in()
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    for change, language in (("修改", "English"), ("Change", "中文")):
        room.opens("settings?tab=overlays")
        room.page.get_by_role("button", name=change, exact=True).click()
        form = room.page.get_by_role("dialog")
        expect(room.page.frame_locator("iframe").locator(".item")).to_be_visible()
        wide = form.evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert wide[0] <= wide[1]
        assert not violations(room)
        room.press("Escape")
        expect(form).to_have_count(0)
        main = room.page.evaluate(
            "(e => [e.scrollWidth, e.clientWidth])(document.querySelector('.frame-main'))"
        )
        assert main[0] <= main[1]
        room.page.get_by_role("button", name=language).click()
