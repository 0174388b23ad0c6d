"""Items from a file on the page Items: seen row by row before, refused with row and column, then done."""

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.api.running import RunningServer
from tests.browser.room import Room
from tests.browser.test_looks import violations


def sheet(text: str) -> FilePayload:
    """A file as a spreadsheet program in China saves it."""
    return {"name": "商品.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")}


@pytest.fixture
def dialog(server: RunningServer, room: Room) -> Locator:
    """The open dialog, beside one channel."""
    server.channel(name="抖音旗舰店")
    room.enter("items")
    room.page.get_by_role("button", name="导入", exact=True).click()
    found = room.page.get_by_role("dialog")
    expect(found).to_be_visible()
    return found


def test_a_file_is_looked_at_and_then_imported(server: RunningServer, room: Room, dialog: Locator) -> None:
    old = server.sku(name="口红", price_cents=5990)
    apply = dialog.get_by_role("button", name="确认导入")
    expect(apply).to_have_attribute("aria-description", "先选择文件")
    text = f"商品编码,商品名称,售价,库存,渠道:抖音旗舰店\n{old},口红,49.9,,\nNEW-1,马克杯,,100,40\n"
    dialog.locator("input[type=file]").set_input_files(sheet(text))
    row = dialog.locator('[data-row="2"]')
    expect(row.locator("del")).to_have_text("59.90")
    expect(row.locator("ins")).to_have_text("49.90")
    new = dialog.locator('[data-row="3"]')
    expect(new).to_contain_text("入库 +100")
    expect(new).to_contain_text("抖音旗舰店 +40")
    assert server.client.get("/v1/skus/NEW-1").status_code == 404
    server.move(old, "supplier", "unallocated", 1)
    apply.click()
    expect(dialog.get_by_role("status")).to_contain_text("新增 1，修改 1，库存变动 2")
    dialog.get_by_role("button", name="关闭").last.click()
    expect(room.page.locator('[data-sku="NEW-1"]')).to_contain_text("马克杯")
    assert server.client.get(f"/v1/skus/{old}").json()["price_cents"] == 4990
    assert server.client.get("/v1/stock/NEW-1").json()["on_hand"] == 100


def test_a_bad_file_says_where_and_one_that_is_late_is_looked_at_again(
    server: RunningServer, room: Room, dialog: Locator
) -> None:
    sku = server.sku(name="帽子")
    choose = dialog.locator("input[type=file]")
    choose.set_input_files(sheet(f"商品编码,商品名称,售价\n{sku},帽子,9.999\n"))
    expect(dialog.get_by_role("row", name="价格最多两位小数")).to_contain_text("9.999")
    expect(dialog.get_by_role("button", name="确认导入")).to_have_attribute("aria-disabled", "true")
    assert not violations(room)
    dialog.get_by_role("button", name="换一个文件").click()
    choose.set_input_files(sheet(f"商品编码,库存\n{sku},7\n"))
    expect(dialog.locator('[data-row="2"]')).to_contain_text("入库 +7")
    server.move(sku, "supplier", "unallocated", 2)
    room.forgiven = ("409",)
    dialog.get_by_role("button", name="确认导入").click()
    expect(dialog.get_by_role("alert")).to_contain_text("请再核对一次")
    expect(dialog.locator('[data-row="2"]')).to_contain_text("入库 +5")
    dialog.get_by_role("button", name="确认导入").click()
    expect(dialog.get_by_role("status")).to_contain_text("导入完成")
    assert server.client.get(f"/v1/stock/{sku}").json()["on_hand"] == 7


@pytest.mark.parametrize(
    ("size", "theme"), [((1366, 768), "dark"), ((1920, 1080), "light"), ((390, 844), "light")]
)
def test_the_dialog_is_accessible_and_fits(
    server: RunningServer, room: Room, size: tuple[int, int], theme: str
) -> None:
    server.channel()
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    room.prefers(language="en", theme=theme)
    room.enter("items?import=file")
    dialog = room.page.get_by_role("dialog")
    expect(dialog.get_by_text("Download a template")).to_be_visible()
    assert not violations(room)
    rows = "".join(f"SKU-{n},name {n},{n}.50,{n}\n" for n in range(1, 40))
    dialog.locator("input[type=file]").set_input_files(sheet(f"sku,name,price,stock\n{rows}"))
    expect(dialog.locator('[data-row="2"]')).to_contain_text("new item")
    assert not violations(room)
    assert room.page.evaluate("document.documentElement.scrollWidth") <= size[0]
