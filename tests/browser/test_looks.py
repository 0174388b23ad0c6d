"""Both languages and themes, small and large screens, and what assistive technology finds."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.api.running import RunningServer
from tests.browser.room import Room
from tests.docs.surface import ROOT

AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
FIRST_LOAD_BYTES_MAX = 500 * 1024


def violations(room: Room) -> list[Any]:
    """What axe finds serious."""
    if not room.page.evaluate("'axe' in window"):
        # Given to the page past its content policy, which forbids foreign scripts.
        room.page.evaluate(AXE.read_text(encoding="utf-8") + "; null")
    found = room.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (item["id"], item["impact"], [node["html"][:160] for node in item["nodes"]])
        for item in found["violations"]
        if item["impact"] in ("serious", "critical")
    ]


@pytest.fixture
def item(server: RunningServer) -> str:
    channels = [server.channel(name=name) for name in ("抖音旗舰店", "快手小店", "视频号小店", "自营小店")]
    for number in range(20):
        sku = server.sku(name=f"雾面口红 #{number}", frozen=number == 1)
        server.move(sku, "supplier", "unallocated", 1_500)
        for channel in channels:
            server.move(sku, "unallocated", f"channel:{channel}", 250)
        server.move(sku, "unallocated", "reserve", 100)
    server.hold(channels[0], sku, 250)
    return sku


def test_the_door_is_accessible_in_both_languages(room: Room) -> None:
    room.page.goto(f"{room.url}/console/")
    expect(room.page.get_by_role("heading")).to_have_text("登录控制台")
    assert not violations(room)
    room.page.get_by_role("button", name="English").click()
    expect(room.page.get_by_role("heading")).to_have_text("Log in to the console")
    assert room.page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_room_is_accessible(room: Room, item: str, theme: str) -> None:
    room.enter()
    if theme == "light":
        room.page.get_by_role("button", name="切换到浅色主题").click()
    room.select(item)
    assert room.page.evaluate("document.documentElement.dataset.theme") == theme
    assert not violations(room)
    room.press("g")
    assert not violations(room)
    room.press("Escape", "Control+k")
    expect(room.page.get_by_role("dialog")).to_be_visible()
    assert not violations(room)


def test_the_host_is_accessible(room: Room, item: str) -> None:
    room.signs_in()
    for address in ("/host", f"/host?sku={item}"):
        room.page.goto(room.url + address)
        expect(room.page.get_by_test_id("line")).to_have_text("已连接")
        assert not violations(room)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_the_room_fits_the_screen_in_both_languages(room: Room, item: str, size: tuple[int, int]) -> None:
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    room.enter()
    room.select(item)
    for language in ("English", "中文"):
        for place in ("document.documentElement", "document.querySelector('.strip')"):
            wide = room.page.evaluate(f"[{place}.scrollWidth, {place}.clientWidth]")
            assert wide[0] <= wide[1], f"{place} is wider than the screen before {language}"
        wide = room.page.evaluate(
            "(e => [e.scrollWidth, e.clientWidth])(document.querySelector('.stock-scroll'))"
        )
        assert wide[0] <= wide[1]
        room.page.get_by_role("button", name=language).click()
    expect(room.page.get_by_role("heading", name="直播中控")).to_be_visible()


def test_the_choice_of_language_and_theme_is_kept(room: Room, item: str) -> None:
    room.enter()
    room.page.get_by_role("button", name="English").click()
    room.page.get_by_role("button", name="Switch to the light theme").click()
    room.page.reload()
    expect(room.page.get_by_test_id("line")).to_have_text("Connected")
    assert room.page.evaluate("document.documentElement.dataset.theme") == "light"
    room.select(item)
    room.press("g")
    expect(room.preflight).to_contain_text("This will change")


def test_the_first_load_is_small(room: Room, item: str) -> None:
    room.enter()
    sizes = json.loads(
        room.page.evaluate(
            "JSON.stringify(Object.fromEntries(performance.getEntriesByType('resource')"
            ".filter(e => e.name.includes('/console/')).map(e => [e.name, e.transferSize])))"
        )
    )
    assert sum(sizes.values()) < FIRST_LOAD_BYTES_MAX, sizes
    assert not any("PaceChart" in name for name in sizes), "the chart is loaded before it is needed"


@pytest.mark.parametrize("path", ["", "items", "ledger", "channels"])
def test_on_a_phone_nothing_of_the_strip_lies_beside_the_screen(
    server: RunningServer, room: Room, path: str
) -> None:
    server.stocked(server.channel(), 10)
    room.page.set_viewport_size({"width": 390, "height": 844})
    room.prefers(language="en")
    room.enter(path)
    expect(room.page.locator(".strip h1")).to_be_visible()
    beyond = room.page.evaluate(
        "[...document.querySelectorAll('.strip *')].filter(e => e.getBoundingClientRect().right > 391).length"
    )
    assert beyond == 0
    assert not violations(room)
