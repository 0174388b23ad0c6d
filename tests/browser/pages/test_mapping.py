"""Listings mapped together in a channel's drawer: from a sheet, or what sells unmapped by its seller code."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from holdfast.simulators.running import RunningSimulator
from tests.api.platforms.shops import connected, counter, listing, shop
from tests.api.platforms.test_pushes import buy, next_second
from tests.api.running import RunningServer, wait_for
from tests.browser.room import Room
from tests.browser.test_looks import violations


def sheet(text: str) -> FilePayload:
    """A file as a spreadsheet program in China saves it."""
    return {"name": "链接.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")}


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    with shop() as running:
        yield running


@pytest.fixture
def channel(server: RunningServer, simulator: RunningSimulator) -> str:
    """A connected channel whose platform pushes to us."""
    name = connected(server, simulator, settings={"rate_per_s": "500", "poll_every_s": "3600"})
    simulator.control("PUT", "/push", {"url": f"{server.url}/v1/channels/{name}/webhook"})
    return name


def stocked(server: RunningServer, name: str, units: int) -> str:
    sku = server.sku(name=name)
    server.move(sku, "supplier", "unallocated", units)
    return sku


def row(name: str, sku: str, *rest: str) -> str:
    return ",".join([*name.split("/"), sku, *rest]) + "\n"


def open_dialog(room: Room, channel: str) -> Locator:
    room.enter()
    room.page.goto(f"{room.url}/console/channels?channel={channel}")
    room.page.get_by_role("button", name="表格映射").click()
    dialog = room.page.get_by_role("dialog", name="从表格映射链接")
    expect(dialog).to_contain_text("选择文件")
    return dialog


def test_a_sheet_is_looked_at_row_by_row_and_then_mapped(
    server: RunningServer, room: Room, simulator: RunningSimulator, channel: str
) -> None:
    lipstick, mask = stocked(server, "雾面口红", 30), stocked(server, "补水面膜", 2)
    first, second = listing(simulator, 8), listing(simulator, 6)
    dialog = open_dialog(room, channel)
    apply = dialog.get_by_role("button", name="确认映射")
    expect(apply).to_have_attribute("aria-disabled", "true")
    assert not violations(room)
    choose = dialog.locator("input[type=file]")
    headings = "商品ID,规格ID,商品编码,下限\n"
    choose.set_input_files(sheet(headings + row(first, lipstick, "5") + row(second, mask, "x")))
    expect(dialog.locator('[data-row="2"]')).to_contain_text("雾面口红")
    expect(dialog.locator('[data-row="3"]')).to_contain_text("✕ 下限 x 不是数字")
    expect(dialog.get_by_role("button", name="确认映射 1 个链接")).to_have_attribute("aria-disabled", "true")
    dialog.get_by_role("button", name="换一个文件").click()
    choose.set_input_files(sheet(headings + row(first, lipstick, "5") + row(second, mask, "")))
    expect(dialog.locator('[data-row="2"]')).to_contain_text("下限 5")
    beyond = dialog.locator('[data-row="3"]')
    expect(beyond).to_contain_text("平台显示 6 件，可分配只有 2 件，还差 4 件")
    assert not violations(room)
    dialog.get_by_role("checkbox", name="由系统调低").check()
    expect(beyond).not_to_contain_text("✕")
    assert server.client.get(f"/v1/channels/{channel}/listings").json()["items"] == []
    apply.click()
    expect(dialog.get_by_role("status")).to_contain_text("已映射 2 个链接")
    dialog.get_by_role("button", name="关闭").last.click()
    expect(room.page.locator(f'tr[data-listing="{first}"]')).to_contain_text("雾面口红")
    expect(room.page.locator(f'tr[data-listing="{first}"]').get_by_test_id("rule")).to_contain_text("下限 5")
    wait_for(lambda: counter(simulator, second) == 2)


def test_what_sells_unmapped_is_mapped_by_its_seller_code(
    server: RunningServer, room: Room, simulator: RunningSimulator, channel: str
) -> None:
    skus = [stocked(server, name, 20) for name in ("雾面口红", "补水面膜", "防晒霜")]
    known = [listing(simulator, 9, sku) for sku in skus]
    strange = listing(simulator, 9, "LIP-OLD")
    next_second()
    for units, name in enumerate([*known, strange], 1):
        buy(simulator, name, units)
    path = f"/v1/channels/{channel}/unmapped"
    wait_for(lambda: len(server.client.get(path).json()["items"]) == 4)
    room.enter()
    room.page.goto(f"{room.url}/console/channels?channel={channel}")
    page = room.page
    odd = page.locator(f'[data-unmapped="{strange}"]')
    expect(odd).to_contain_text("1 单 4 件")
    expect(odd).to_contain_text("没有编码相同的商品")
    page.locator(f'[data-unmapped="{known[2]}"]').get_by_role("checkbox").uncheck()
    assert not violations(room)
    page.get_by_role("button", name="按商家编码映射 2 个").click()
    dialog = page.get_by_role("dialog", name="从表格映射链接")
    expect(dialog.locator("[data-row]")).to_have_count(2)
    expect(dialog.locator("[data-row]").filter(has_text=known[0])).to_contain_text("雾面口红")
    dialog.get_by_role("button", name="确认映射 2 个链接").click()
    expect(dialog.get_by_role("status")).to_contain_text("已映射 2 个链接")
    dialog.get_by_role("button", name="关闭").last.click()
    expect(page.locator("[data-unmapped]")).to_have_count(2)
    wait_for(lambda: server.client.get(f"/v1/stock/{skus[1]}").json()["committed"] == 2)
    found = server.client.get(f"/v1/channels/{channel}/listings").json()["items"]
    assert {(each["listing"], each["sku"], each["merchant_code"]) for each in found} == {
        (known[0], skus[0], skus[0]),
        (known[1], skus[1], skus[1]),
    }
    odd.get_by_role("button", name="选商品").click()
    expect(page.get_by_role("textbox", name="平台链接")).to_have_value(strange)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (390, 844)])
def test_the_dialog_fits_and_is_accessible(
    server: RunningServer, room: Room, simulator: RunningSimulator, channel: str, width: int, height: int
) -> None:
    sku, name = stocked(server, "雾面口红", 30), listing(simulator, 3)
    room.page.set_viewport_size({"width": width, "height": height})
    dialog = open_dialog(room, channel)
    dialog.locator("input[type=file]").set_input_files(sheet("商品ID,规格ID,商品编码\n" + row(name, sku)))
    expect(dialog.locator('[data-row="2"]')).to_contain_text("新映射")
    assert not violations(room)
    assert room.page.evaluate("document.documentElement.scrollWidth") <= width


def test_who_only_reads_sees_why_it_cannot_be_mapped(server: RunningServer, room: Room, channel: str) -> None:
    key = server.client.post("/v1/keys", json={"name": "reads-mapping", "role": "viewer"}).json()["key"]
    room.enter(key=key)
    room.page.goto(f"{room.url}/console/channels?channel={channel}")
    expect(room.page.get_by_role("button", name="表格映射")).to_have_attribute("aria-disabled", "true")
