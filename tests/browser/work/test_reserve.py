"""The reserve of a live show: proposed on the screens, opened or left by a person, and told afterwards."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.api.running import RunningServer, unique, wait_for
from tests.api.shows.test_reserve import proposals, sell_out
from tests.api.shows.test_shows import plan, step, stock_of
from tests.browser.room import Room
from tests.browser.test_looks import violations


def sold_out(server: RunningServer, planned: int = 100) -> tuple[str, str]:
    """A live show whose only item is sold out but for its reserve of 20 %, and that waits for a yes."""
    sku, channel = stock_of(server), server.channel(name="抖音旗舰店")
    item = {"sku": sku, "planned": planned, "strategy": "reserve", "reserve_percent": 20}
    show = plan(server, item, channels=[channel])
    step(server, show, "start").raise_for_status()
    free = server.client.get(f"/v1/stock/{sku}").json()["available"]
    sell_out(server, sku, channel, free)
    wait_for(lambda: bool(proposals(server, show)), 20)
    return show, sku


def reserve_of(server: RunningServer, sku: str) -> int:
    accounts: list[dict[str, Any]] = server.client.get(f"/v1/stock/{sku}").json()["accounts"]
    return sum(each["posted"] for each in accounts if each["account"] == "reserve")


def test_it_is_approved_on_the_live_page_with_two_keys(server: RunningServer, room: Room) -> None:
    show, sku = sold_out(server)
    page = room.page
    room.enter()
    card = page.locator("[data-proposal]")
    expect(card).to_contain_text("开放弹性库存 20 件")
    expect(card).to_contain_text("主库存已售罄")
    assert not violations(room)
    # The letter alone opens nothing.
    room.press("y")
    expect(card.get_by_role("button", name="批准")).to_be_focused()
    assert reserve_of(server, sku) == 20
    room.press("Enter")
    expect(card).to_have_count(0)
    assert reserve_of(server, sku) == 0
    assert proposals(server, show)[0]["status"] == "approved"
    page.goto(f"{room.url}/console/shows/{show}")
    line = page.get_by_test_id("opening")
    expect(line).to_contain_text("✓ 已开放")
    expect(line).to_contain_text("主库存已售罄")
    assert not violations(room)


def test_a_no_on_the_shows_page_and_units_by_hand_stand_in_the_history(
    server: RunningServer, room: Room
) -> None:
    show, sku = sold_out(server)
    page = room.page
    room.enter()
    page.goto(f"{room.url}/console/shows/{show}")
    page.locator("[data-proposal]").get_by_role("button", name="不开").click()
    expect(page.locator("[data-proposal]")).to_have_count(0)
    lines = page.get_by_test_id("opening")
    expect(lines.first).to_contain_text("✕ 没有批准")
    assert reserve_of(server, sku) == 20
    step(server, show, "open-reserve", sku=sku, units=7).raise_for_status()
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("从剩余 20 件中手动开放")
    expect(page.get_by_test_id("step").first).to_contain_text("开放弹性库存")
    step(server, show, "end").raise_for_status()
    expect(page.get_by_test_id("result")).to_be_visible()
    expect(lines).to_have_count(2)


def test_another_operator_was_first_and_it_says_so(server: RunningServer, room: Room) -> None:
    show, _ = sold_out(server)
    room.enter()
    approve = room.page.locator("[data-proposal]").get_by_role("button", name="批准")
    expect(approve).to_be_visible()
    id = proposals(server, show)[0]["id"]

    def later(route: Route) -> None:
        server.client.post(f"/v1/proposals/{id}/reject").raise_for_status()
        route.continue_()

    room.page.route("**/approve", later)
    room.forgiven = ("409",)
    approve.click()
    expect(room.page.get_by_role("alert")).to_contain_text("这个提议已有结果")


@pytest.mark.parametrize("place", ["", "shows"])
def test_who_may_only_look_is_told_why(server: RunningServer, room: Room, place: str) -> None:
    show, _ = sold_out(server)
    key = server.client.post("/v1/keys", json={"name": unique("viewer"), "role": "viewer"}).json()["key"]
    room.enter(key=key)
    if place:
        room.page.goto(f"{room.url}/console/shows/{show}")
    button = room.page.get_by_role("button", name="批准")
    expect(button).to_have_attribute("aria-description", "需要运营权限，当前为只读")
