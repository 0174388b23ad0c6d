"""The daily work on guards: reviews decided, refusals explained, lists kept, tickets given."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.api.guards.test_tickets import hold, issue, open_sale
from tests.api.running import RunningServer, unique
from tests.browser.guards.test_guard_rules import opens
from tests.browser.room import Room
from tests.browser.test_looks import violations

REVIEWED = {"window_s": 604_800, "orders": 1, "outcome": "review"}


def test_reviews_are_decided_by_keyboard_with_a_reason(server: RunningServer, room: Room) -> None:
    sku = open_sale(server, per_buyer=REVIEWED)
    holds = [hold(sku, "rev") for _ in range(4)]
    for body in holds:
        assert server.client.post("/v1/holds", json=body).status_code == 201
    newest, middle, oldest = (body["id"] for body in reversed(holds[1:]))
    room.enter()
    opens(room, "?tab=reviews")
    page = room.page
    expect(page.get_by_test_id("waiting")).to_have_text("3 单待审")
    expect(page.locator(f'[data-review="{newest}"]')).to_contain_text("下单过快（同一买家）")
    assert not violations(room)
    room.press("ArrowDown", "x")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"驳回 {middle}")
    expect(dialog).to_contain_text("还没付款：预占马上释放")
    assert not violations(room)
    dialog.get_by_label("理由（记入审计）").fill("脚本")
    room.press("Enter")
    expect(page.locator(f'[data-review="{middle}"]')).to_have_count(0)
    expect(page.get_by_test_id("done")).to_contain_text(f"已驳回 {middle}")
    assert server.client.get(f"/v1/holds/{middle}").json()["status"] == "released"
    trail = server.client.get(f"/v1/audit?target={middle}").json()["items"]
    assert any("脚本" in str(entry) for entry in trail)
    # What a colleague decided meanwhile is refused, and says so.
    line = page.locator(f'[data-review="{oldest}"]')
    line.get_by_role("button", name="通过").click()
    assert server.client.post(f"/v1/reviews/{oldest}/reject", json={}).status_code == 200
    page.get_by_role("dialog").get_by_role("button", name="通过").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    room.press("Escape")
    expect(line).to_have_count(0)
    room.press("a", "Enter")
    expect(page.get_by_text("没有要审的订单")).to_be_visible()
    assert server.client.get(f"/v1/holds/{newest}").json()["review"] == "accepted"
    opens(room, "?tab=reviews&state=accepted")
    expect(page.locator(f'[data-review="{newest}"]')).to_contain_text("已通过")
    assert all("409" in each for each in room.complaints)
    room.complaints.clear()


def test_support_finds_why_somebody_got_nothing(server: RunningServer, room: Room) -> None:
    gate = unique("gate")
    sku = open_sale(server, ticket_gate=gate)
    first, second = hold(sku, "eve", signals={"device": "phone-1"}), hold(sku, "bob")
    for body in (first, second):
        assert server.client.post("/v1/holds", json=body).json()["code"] == "ticket_required"
    room.enter()
    opens(room, "?tab=refusals")
    page = room.page
    rows = page.locator("[data-refusal]")
    expect(rows).to_have_count(2)
    page.get_by_label("查什么").fill("eve")
    room.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(f"{sku} 需凭入场券购买（入场口 {gate}）")
    assert not violations(room)
    page.get_by_label("查什么").fill(second["id"])
    page.get_by_label("查找").first.click()
    page.locator(".ant-select-item-option", has_text="订单号").click()
    expect(rows).to_have_attribute("data-refusal", second["id"])
    opens(room, "?tab=refusals&by=device&q=phone-1")
    expect(rows).to_have_attribute("data-refusal", first["id"])
    opens(room, "?tab=refusals&by=buyer&q=nobody")
    expect(page.get_by_text("没有符合的拒绝记录")).to_be_visible()


def test_many_are_put_on_a_list_taken_off_and_back(server: RunningServer, room: Room) -> None:
    sku = open_sale(server, lists=True)
    server.client.put("/v1/buyers/lists/block/known", json={"reason": "old"})
    room.enter()
    opens(room, "?tab=lists")
    page = room.page
    page.get_by_role("button", name="加入名单").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="加入名单").click()
    expect(dialog.get_by_text("填 1 到 500 个")).to_be_visible()
    expect(dialog.get_by_text("写明原因")).to_be_visible()
    dialog.get_by_label("一行一个，最多 500 个").fill("eve\nmia\nknown\neve")
    expect(dialog.get_by_test_id("lines")).to_have_text("3 个")
    dialog.get_by_label("原因").fill("转卖")
    assert not violations(room)
    dialog.get_by_role("button", name="加入名单").click()
    expect(page.get_by_test_id("done")).to_contain_text("已加入 2 个，1 个本来就在")
    expect(page.locator("[data-listed]")).to_have_count(3)
    assert server.client.post("/v1/holds", json=hold(sku, "mia")).json()["code"] == "buyer_blocked"
    page.get_by_test_id("undo").click()
    expect(page.locator("[data-listed]")).to_have_count(1)
    assert server.client.post("/v1/holds", json=hold(sku, "mia")).status_code == 201
    page.locator('[data-listed="known"]').get_by_role("button", name="移出").click()
    expect(page.get_by_text("名单是空的")).to_be_visible()
    page.get_by_test_id("undo").click()
    expect(page.locator('[data-listed="known"]')).to_contain_text("old")
    # A colleague's entry is seen at once, a device by its hash alone, and the other list is another.
    entries = [{"kind": "device", "value": "phone-9"}]
    server.client.post("/v1/buyers/lists/block", json={"entries": entries, "reason": "群控"})
    expect(page.get_by_role("row").filter(has_text="群控")).to_contain_text("设备", timeout=3_000)
    expect(page.get_by_text("phone-9")).to_have_count(0)
    page.get_by_text("白名单", exact=True).click()
    expect(page.get_by_text("名单是空的")).to_be_visible()


def test_tickets_are_drawn_saved_as_a_file_and_counted(
    server: RunningServer, room: Room, tmp_path: Path
) -> None:
    gate = unique("gate")
    sku = open_sale(server, ticket_gate=gate)
    room.enter()
    opens(room, "?tab=tickets")
    page = room.page
    row = page.locator(f'[data-gate="{gate}"]')
    expect(row).to_contain_text(sku)
    row.get_by_role("button", name="发券").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="发券").click()
    expect(dialog.get_by_text("填 1 到 1,000 位买家")).to_be_visible()
    expect(dialog.get_by_text("要晚于现在")).to_be_visible()
    dialog.get_by_label("买家，一行一个，最多 1,000 位").fill("ann\nbob，cyd\nann")
    dialog.get_by_label("抽签：随机抽几位（空为全部）").fill("4")
    dialog.get_by_role("button", name="发券").click()
    expect(dialog.get_by_text("不多于名单人数")).to_be_visible()
    dialog.get_by_label("抽签：随机抽几位（空为全部）").fill("2")
    until = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    dialog.get_by_label("有效至").fill(until)
    assert not violations(room)
    dialog.get_by_role("button", name="发券").click()
    expect(dialog).to_contain_text("已给 2 位买家发券")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="下载 CSV").click()
    saved = tmp_path / "tickets.csv"
    download.value.save_as(saved)
    heading, *tickets = csv.reader(saved.read_text(encoding="utf-8-sig").splitlines())
    assert heading == ["buyer", "ticket"]
    assert len({buyer for buyer, _ in tickets} & {"ann", "bob", "cyd"}) == 2
    dialog.get_by_role("button", name="关闭", exact=True).last.click()
    buyer, ticket = tickets[0]
    assert server.client.post("/v1/holds", json=hold(sku, buyer, ticket=ticket)).status_code == 201
    expect(row).to_contain_text("50%", timeout=8_000)
    issue(server, gate, "dan")
    expect(row).to_contain_text("33%", timeout=3_000)
