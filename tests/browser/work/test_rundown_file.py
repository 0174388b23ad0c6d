"""A rundown from a file on the show's page: seen row by row, put in place, undone or saved."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.api.running import RunningServer
from tests.api.shows.test_shows import plan, stock_of
from tests.browser.room import Room
from tests.browser.test_looks import violations

HEADINGS = "商品编码,计划数量,策略,预留比例,每人限购,话术,时长\n"


def sheet(text: str) -> FilePayload:
    """A file as a spreadsheet program in China saves it."""
    return {"name": "排品.csv", "mimeType": "text/csv", "buffer": (HEADINGS + text).encode("gb18030")}


def opened(page: Page) -> Locator:
    page.get_by_role("button", name=re.compile("^导.?入$")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("选择文件，或拖到这里")).to_be_visible()
    return dialog


@pytest.fixture
def items(server: RunningServer) -> tuple[str, str, str]:
    first, second, third = (stock_of(server, 300, name=name) for name in ("雾面口红", "羊绒围巾", "马克杯"))
    return first, second, third


def test_a_file_is_seen_row_by_row_put_in_place_and_saved(
    server: RunningServer, room: Room, items: tuple[str, str, str]
) -> None:
    first, second, third = items
    show = plan(server, {"sku": first, "planned": 10}, {"sku": third, "planned": 5, "opening": "automatic"})
    page = room.page
    room.enter()
    page.goto(f"{room.url}/console/shows/{show}")
    dialog = opened(page)
    with page.expect_download() as download:
        dialog.get_by_text("下载模板").click()
    assert download.value.suggested_filename == "rundown-template.csv"
    expect(dialog.get_by_role("button", name="放入排品")).to_have_attribute("aria-description", "先选择文件")
    assert not violations(room)
    dialog.locator("input[type=file]").set_input_files(
        sheet(f"{second},120,预留,15%,2,买它,5\n{third},5,,,,,\nTYPO,3,,,,,\n")
    )
    expect(dialog.locator('[data-row="TYPO"]')).to_contain_text("没有这个商品")
    expect(dialog.get_by_role("button", name="放入排品")).to_have_attribute(
        "aria-description", re.compile("1 行用不了")
    )
    dialog.get_by_role("button", name="换一个文件").click()
    dialog.locator("input[type=file]").set_input_files(
        sheet(f"{second},120,预留,15%,2,买它,5\n{third},5,,,,,\n")
    )
    new = dialog.locator(f'[data-row="{second}"]')
    expect(new).to_contain_text("新增")
    expect(new).to_contain_text("15%")
    expect(dialog.locator(f'[data-row="{third}"]')).to_contain_text("无变化")
    expect(dialog.get_by_text("将移出：雾面口红")).to_be_visible()
    assert not violations(room)
    dialog.get_by_role("button", name="放入排品（2 件）").click()
    rows = page.get_by_test_id("rundown-row")
    expect(rows.first).to_have_attribute("data-sku", second)
    expect(rows).to_have_count(2)
    # Nothing counts before it is saved, and it can be taken back whole.
    assert server.client.get(f"/v1/shows/{show}").json()["items"][0]["sku"] == first
    page.get_by_role("button", name="撤销改动").click()
    expect(rows.first).to_have_attribute("data-sku", first)
    dialog = opened(page)
    dialog.locator("input[type=file]").set_input_files(
        sheet(f"{second},120,预留,15%,2,买它,5\n{third},5,,,,,\n")
    )
    dialog.get_by_role("button", name="放入排品（2 件）").click()
    page.get_by_role("button", name=re.compile("^保.?存$")).click()
    expect(page.get_by_text("已保存")).to_be_visible()
    saved = server.client.get(f"/v1/shows/{show}").json()["items"]
    assert [each["sku"] for each in saved] == [second, third]
    assert (saved[0]["planned"], saved[0]["reserve_percent"], saved[0]["limits"]) == (
        120,
        15,
        {"per_buyer": 2},
    )
    assert saved[1]["opening"] == "automatic"


def test_what_is_wrong_is_told_at_its_row_and_column(
    server: RunningServer, room: Room, items: tuple[str, str, str]
) -> None:
    show = plan(server, {"sku": items[0], "planned": 10})
    room.enter()
    room.page.goto(f"{room.url}/console/shows/{show}")
    dialog = opened(room.page)
    dialog.locator("input[type=file]").set_input_files(sheet(f"{items[1]},0,魔法,,,,\n"))
    expect(dialog.get_by_role("row").filter(has_text="魔法")).to_contain_text("策略")
    expect(dialog.get_by_role("button", name="放入排品")).to_have_attribute("aria-disabled", "true")
    room.page.set_viewport_size({"width": 390, "height": 844})
    assert room.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not violations(room)
