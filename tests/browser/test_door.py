"""Coming in, by key and by link, and what a role may not do."""

import re

from playwright.sync_api import expect

from tests.api.running import KEY, RunningServer
from tests.browser.room import Room


def test_a_wrong_key_is_refused_and_the_right_one_comes_in_and_leaves(
    server: RunningServer, room: Room
) -> None:
    room.forgiven = ("401",)
    page = room.page
    page.goto(server.url)
    page.get_by_label("API 密钥").fill("hf_wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("密钥无效")
    page.get_by_label("API 密钥").fill(KEY)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("开播前的四步")).to_be_visible()
    assert (
        page.evaluate("document.cookie + JSON.stringify({...localStorage, ...sessionStorage})").count(KEY)
        == 0
    ), "the page keeps the key"
    page.reload()
    expect(page.get_by_test_id("line")).to_have_text("已连接")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("API 密钥")).to_be_visible()
    page.reload()
    expect(page.get_by_label("API 密钥")).to_be_visible()


def test_the_link_of_the_start_opens_once(server: RunningServer, room: Room) -> None:
    room.forgiven = ("401",)
    page = room.page
    address = f"{server.url}/console/#link={server.holdfast.sessions.new_link()}"
    page.goto(address)
    expect(page.get_by_test_id("line")).to_have_text("已连接")
    expect(page).to_have_url(re.compile(r"/console/$"))
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("API 密钥")).to_be_visible()
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_label("API 密钥")).to_be_visible()


def test_a_viewer_sees_all_and_is_told_why_nothing_can_be_moved(server: RunningServer, room: Room) -> None:
    sku = server.stocked(server.channel(), 5)
    key = server.client.post("/v1/keys", json={"name": "looker", "role": "viewer"}).json()["key"]
    room.enter(key=key)
    room.sees(sku, "available", "5")
    room.select(sku)
    button = room.page.get_by_role("button", name="补货")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.hover()
    expect(room.page.get_by_role("tooltip")).to_have_text("需要运营及以上权限，当前为只读")
    # Playwright would wait for ever for a button that says it is disabled; a hand does not.
    button.click(force=True)
    expect(room.page.get_by_test_id("move-form")).not_to_be_visible()
    room.press("a")
    expect(room.preflight).to_have_text("需要运营及以上权限，当前为只读")
    room.press("Enter")
    expect(room.recent).to_have_count(0)


def test_two_operators_see_each_other(server: RunningServer, room: Room) -> None:
    channel = server.channel()
    sku = server.sku()
    server.move(sku, "supplier", "unallocated", 100)
    room.enter()
    assert room.page.context.browser is not None
    second = Room(room.page.context.browser.new_page(), server.url)
    second.enter()
    room.select(sku)
    room.press("g")
    room.page.keyboard.type("30")
    room.press("Enter")
    for each in (room, second):
        each.sees(sku, "right", "30", channel)
    second.select(sku)
    second.press("f", "Enter")
    expect(second.row(sku)).to_contain_text("已冻结")
    # The catalog is read every five seconds.
    expect(room.row(sku)).to_contain_text("已冻结", timeout=10_000)
    second.page.close()
    assert not second.complaints
