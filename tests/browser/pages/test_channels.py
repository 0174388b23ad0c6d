"""The channels: how each stands, in words; what a role may do to it."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.api.platforms.shops import connected, connection_body, listing, right, shop
from tests.api.running import RunningServer, put, wait_for
from tests.browser.room import Room
from tests.browser.test_looks import violations

SIZES = [(1366, 768), (1920, 1080), (390, 844)]


def visit(room: Room, query: str = "") -> None:
    room.enter(f"channels{query}")
    expect(room.page.get_by_role("heading", level=1)).to_have_text("渠道")


def line(room: Room, channel: str) -> Locator:
    return room.page.locator(f'tr[data-channel="{channel}"]')


@pytest.fixture
def own(server: RunningServer) -> str:
    """Our own shop with two items: one unit of ten is held."""
    channel = server.channel(name="自营小店")
    sku = server.stocked(channel, 10)
    server.stocked(channel, 5)
    assert server.hold(channel, sku).status_code == 201
    return channel


def test_every_channel_tells_how_it_stands(server: RunningServer, room: Room, own: str) -> None:
    waiting = server.channel(platform="kuaishou", name="快手小店", frozen=True)
    with shop() as simulator:
        platform = connected(server, simulator)
        visit(room)
        expect(line(room, own).get_by_test_id("state")).to_contain_text("直连")
        expect(line(room, own).get_by_test_id("right")).to_have_text("15")
        expect(line(room, own).get_by_test_id("held")).to_have_text("1")
        expect(line(room, waiting).get_by_test_id("state")).to_contain_text("未连接")
        expect(line(room, waiting)).to_contain_text("已暂停")
        expect(line(room, platform).get_by_test_id("state")).to_contain_text("已连接")
        expect(line(room, platform)).to_contain_text("抖店")
        expect(line(room, platform).get_by_test_id("listings")).to_have_text("0")


def test_without_channels_the_page_says_what_to_do(room: Room) -> None:
    visit(room)
    expect(room.page.get_by_role("main")).to_contain_text("还没有渠道")


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_and_is_accessible(
    server: RunningServer, room: Room, own: str, size: tuple[int, int]
) -> None:
    server.channel(platform="douyin", name="抖音旗舰店")
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit(room)
    expect(line(room, own)).to_be_visible()
    for language in ("English", "中文"):
        wide = room.page.evaluate("(e => [e.scrollWidth, e.clientWidth])(document.querySelector('main'))")
        assert wide[0] <= wide[1]
        assert not violations(room)
        room.page.get_by_role("button", name=language).click()


def test_a_channel_is_paused_after_a_preflight_line_and_taken_back(
    server: RunningServer, room: Room, own: str
) -> None:
    visit(room)
    line(room, own).get_by_role("button", name="暂停 自营小店").click()
    expect(room.page.get_by_role("tooltip")).to_contain_text(
        "将停止 自营小店 的新预占；已锁定的 1 件照常处理。"
    )
    assert not violations(room)
    room.press("Enter")
    expect(line(room, own)).to_contain_text("已暂停")
    assert server.client.get(f"/v1/channels/{own}").json()["frozen"]
    room.page.get_by_role("button", name="撤销").click()
    expect(line(room, own)).not_to_contain_text("已暂停")
    assert not server.client.get(f"/v1/channels/{own}").json()["frozen"]


def test_a_viewer_sees_all_and_is_told_why_nothing_can_be_pressed(
    server: RunningServer, room: Room, own: str
) -> None:
    key = server.client.post("/v1/keys", json={"name": "eyes", "role": "viewer"}).json()["key"]
    platform = server.channel(platform="douyin", name="抖音")
    room.enter(f"channels?connect={platform}", key=key)
    expect(line(room, own)).to_be_visible()
    expect(room.page.get_by_role("dialog")).to_have_count(0)
    for name in ("新建渠道", "暂停 自营小店", "连接 抖音"):
        button = room.page.get_by_role("button", name=name)
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("aria-description", re.compile("当前为只读"))
        button.hover()
        said = room.page.locator("[role=tooltip]:visible")
        expect(said).to_contain_text("当前为只读")
        # It lies over the line above, where the next button may be.
        room.page.mouse.move(0, 0)
        expect(said).to_have_count(0)


def test_a_shop_is_connected_through_the_wizard(server: RunningServer, room: Room) -> None:
    sku = server.sku(name="雾面口红")
    server.move(sku, "supplier", "unallocated", 100)
    with shop() as simulator:
        told = connection_body(simulator)
        name = listing(simulator, 40)
        visit(room)
        page = room.page
        page.get_by_role("button", name="新建渠道").click()
        page.get_by_role("radio", name="抖店").check()
        page.get_by_label("名称", exact=True).fill("抖音旗舰店")
        expect(page.get_by_label("渠道编码")).to_have_value("douyin")
        assert not violations(room)
        page.get_by_role("button", name="新建", exact=True).click()
        page.get_by_role("button", name="保存并检查").click()
        expect(page.get_by_role("alert")).to_contain_text("还缺：App Key、App Secret")
        for label, field in {
            "App Key": "app_key",
            "App Secret": "app_secret",
            "店铺 ID": "shop",
            "访问令牌": "access_token",
            "刷新令牌": "refresh_token",
            "接口地址": "base_url",
        }.items():
            page.get_by_label(label).fill(told[field])
        assert not violations(room)
        page.get_by_role("button", name="保存并检查").click()
        expect(page.get_by_test_id("check")).to_contain_text("✓ 连接正常")
        expect(page.get_by_role("dialog")).to_contain_text(f"{room.url}/v1/channels/douyin/webhook")
        # What was typed in is not shown again.
        page.get_by_role("button", name="改密钥").click()
        expect(page.get_by_label("App Key")).to_have_value(told["app_key"])
        expect(page.get_by_label("App Secret")).to_have_value("")
        page.get_by_role("button", name="保存并检查").click()
        expect(page.get_by_test_id("check")).to_contain_text("✓ 连接正常")
        page.get_by_role("button", name="去映射商品链接").click()
        page.get_by_role("button", name="映射链接").click()
        page.get_by_label("平台链接").fill(name)
        page.get_by_role("combobox", name="商品").fill("雾面")
        room.press("Enter")
        page.get_by_role("button", name="映射", exact=True).click()
        mapped = page.locator(f'tr[data-listing="{name}"]')
        expect(mapped).to_contain_text("雾面口红")
        wait_for(lambda: (right(server, "douyin", name) or 0) >= 40)
        assert not violations(room)
        page.get_by_role("button", name="完成").click()
        expect(line(room, "douyin").get_by_test_id("state")).to_contain_text("已连接")


def test_a_rule_is_changed_and_taken_back_in_the_drawer(server: RunningServer, room: Room) -> None:
    sku = server.sku(name="面膜")
    server.move(sku, "supplier", "unallocated", 100)
    with shop() as simulator:
        channel = connected(server, simulator)
        name = listing(simulator, 40)
        path = f"/v1/channels/{channel}/listings/{name}"
        put(server.client, path, {"sku": sku, "merchant_code": "M-1"})
        visit(room, f"?channel={channel}")
        page = room.page
        page.get_by_role("button", name=f"改规则 {name}").click()
        page.get_by_label("权重").fill("2")
        page.get_by_label("下限").fill("10")
        expect(page.get_by_test_id("rule-preflight")).to_contain_text("权重 1 → 权重 2 · 下限 10")
        assert not violations(room)
        page.get_by_role("button", name="保存规则").click()
        expect(page.get_by_test_id("rule")).to_have_text("权重 2 · 下限 10")
        changed = server.client.get(path).json()
        assert (changed["rule"]["minimum"], changed["merchant_code"]) == (10, "M-1")
        page.get_by_role("button", name="撤销").click()
        expect(page.get_by_test_id("rule")).to_have_text("权重 1")
        unmap = page.get_by_role("button", name=f"解除 {name}")
        expect(unmap).to_have_attribute("aria-disabled", "true")
        # Its keys are not deleted while the platform may still sell.
        room.forgiven = ("409",)
        page.get_by_role("button", name="断开连接").click()
        page.get_by_role("tooltip").get_by_role("button", name="断开连接").click()
        expect(page.locator(".channels-notice")).to_contain_text("平台上还有可卖的配额")


@pytest.mark.parametrize("size", SIZES)
def test_wizard_and_drawer_fit_and_are_accessible(
    server: RunningServer, room: Room, size: tuple[int, int]
) -> None:
    platform = server.channel(platform="wechat", name="视频号小店")
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    room.signs_in()
    for query, words in (("connect", "EncodingAESKey"), ("channel", "还没有商品链接")):
        room.page.goto(f"{room.url}/console/channels?{query}={platform}")
        dialog = room.page.get_by_role("dialog")
        expect(dialog).to_contain_text(words)
        box = dialog.bounding_box()
        assert box is not None
        assert box["width"] <= size[0]
        assert not violations(room)


def test_a_check_that_fails_says_why_and_what_was_wrong_can_be_typed_anew(
    server: RunningServer, room: Room
) -> None:
    with shop() as simulator:
        channel = connected(server, simulator, app_secret="wrong" * 8)
        visit(room, f"?connect={channel}")
        page = room.page
        page.get_by_role("button", name="保存并检查").click()
        expect(page.get_by_test_id("check")).to_contain_text("✕ 连接不通")
        assert not violations(room)
        page.get_by_role("button", name="改密钥").click()
        page.get_by_label("App Secret").fill(connection_body(simulator)["app_secret"])
        page.get_by_role("button", name="保存并检查").click()
        expect(page.get_by_test_id("check")).to_contain_text("✓ 连接正常")
        # Settings that the page does not show are kept.
        kept = server.client.get(f"/v1/channels/{channel}/connection").json()
        assert kept["settings"] == {"rate_per_s": "500"}


def test_an_operator_may_make_a_channel_but_not_hold_its_keys(server: RunningServer, room: Room) -> None:
    key = server.client.post("/v1/keys", json={"name": "hands", "role": "operator"}).json()["key"]
    room.enter("channels", key=key)
    room.page.get_by_role("button", name="新建渠道").click()
    room.page.get_by_role("radio", name="快手小店").check()
    room.page.get_by_label("名称", exact=True).fill("快手旗舰店")
    room.press("Enter")
    expect(room.page.get_by_role("dialog")).to_have_count(0)
    expect(line(room, "kuaishou").get_by_test_id("state")).to_contain_text("未连接")
    button = room.page.get_by_role("button", name="连接 快手旗舰店")
    button.hover()
    expect(room.page.get_by_role("tooltip").last).to_contain_text("需要管理员权限，当前为运营")
