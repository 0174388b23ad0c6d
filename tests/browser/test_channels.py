"""The channels: how each stands, in words; what a role may do to it."""

import pytest
from playwright.sync_api import Locator, expect

from tests.api.platforms.shops import connected, shop
from tests.api.running import RunningServer
from tests.browser.room import Room
from tests.browser.test_looks import violations

SIZES = [(1366, 768), (1920, 1080), (390, 844)]


def visit(room: Room, query: str = "") -> None:
    room.enter()
    room.page.goto(f"{room.url}/console/channels{query}")
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
