"""Every move by two keys, with its preflight line and its undo; a refused one is put back."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.api.running import RunningServer
from tests.browser.room import Room

MOVES = [
    ("g", None, "未分配 100 → 75 · 抖音 20 → 45", {"unallocated": "75", "right": "45", "available": "120"}),
    ("r", None, "未分配 100 → 105 · 抖音 20 → 15", {"unallocated": "105", "right": "15"}),
    ("a", "50", "可售 120 → 170 · 未分配 100 → 150", {"available": "170", "unallocated": "150"}),
    ("o", None, "未分配 100 → 130 · 备用 30 → 0", {"reserve": "0", "unallocated": "130", "available": "150"}),
]
BEFORE = {"available": "120", "unallocated": "100", "right": "20", "reserve": "30"}


@pytest.fixture
def stage(server: RunningServer, room: Room) -> tuple[str, str]:
    """A channel and an item with a hundred units to give, chosen on the screen."""
    channel = server.channel(name="抖音")
    sku = server.sku(name="口红")
    server.move(sku, "supplier", "unallocated", 150)
    server.move(sku, "unallocated", f"channel:{channel}", 20)
    server.move(sku, "unallocated", "reserve", 30)
    room.enter()
    room.select(sku)
    return channel, sku


def sees_all(room: Room, stage: tuple[str, str], numbers: dict[str, str]) -> None:
    channel, sku = stage
    for name, value in numbers.items():
        room.sees(sku, name, value, channel if name == "right" else None)


@pytest.mark.parametrize(("key", "quantity", "preflight", "then"), MOVES)
def test_a_move_is_made_by_two_keys_and_taken_back_by_one(
    server: RunningServer,
    room: Room,
    stage: tuple[str, str],
    key: str,
    quantity: str | None,
    preflight: str,
    then: dict[str, str],
) -> None:
    room.press(key)
    if quantity is not None:
        room.page.keyboard.type(quantity)
    expect(room.preflight).to_contain_text(preflight)
    room.press("Enter")
    sees_all(room, stage, then)
    expect(room.recent.first).to_have_attribute("data-status", "done")
    room.press("z")
    expect(room.recent.nth(1)).to_have_attribute("data-status", "undone")
    sees_all(room, stage, BEFORE)
    moved = server.client.get("/v1/transfers", params={"sku": stage[1]}).json()["items"]
    assert [item["id"] for item in moved[:2]] == [f"{moved[1]['id']}~undo", moved[1]["id"]]
    assert (moved[0]["from"], moved[0]["to"]) == (moved[1]["to"], moved[1]["from"])


def test_freezing_stops_holds_and_is_taken_back(
    server: RunningServer, room: Room, stage: tuple[str, str]
) -> None:
    channel, sku = stage
    room.press("f")
    expect(room.preflight).to_contain_text("停止新的预占")
    room.press("Enter")
    expect(room.row(sku)).to_contain_text("已冻结")
    assert server.hold(channel, sku).json()["code"] == "sku_frozen"
    room.page.get_by_test_id("undo").click()
    expect(room.row(sku)).not_to_contain_text("已冻结")
    assert server.hold(channel, sku).status_code == 201
    room.press("f", "Enter")
    expect(room.row(sku)).to_contain_text("已冻结")
    room.press("f", "Enter")
    expect(room.row(sku)).not_to_contain_text("已冻结")


def test_a_refused_move_is_shown_and_put_back(
    server: RunningServer, room: Room, stage: tuple[str, str]
) -> None:
    room.forgiven = ("409",)
    channel, sku = stage

    def take_it_first(route: Route) -> None:
        # The move is on the screen before anybody answered.
        room.sees(sku, "right", "110", channel)
        server.move(sku, "unallocated", "unsellable", 90)
        route.continue_()

    room.page.route("**/v1/transfers", take_it_first)
    room.press("g")
    room.page.keyboard.type("90")
    expect(room.preflight).to_contain_text("抖音 20 → 110")
    room.press("Enter")
    refused = room.recent.first
    expect(refused).to_have_attribute("data-status", "refused")
    expect(refused).to_contain_text("被拒绝，已恢复原数：可售不足（现有 10，需要 90）")
    expect(room.row(sku)).to_have_class(re.compile("is-refused"))
    sees_all(room, stage, {"unallocated": "10", "right": "20", "available": "30"})


def test_a_lost_answer_is_asked_for_again_under_the_same_id(
    server: RunningServer, room: Room, stage: tuple[str, str]
) -> None:
    room.forgiven = ("ERR_FAILED",)
    sku = stage[1]
    asked: list[Any] = []

    def lose_the_first_answer(route: Route) -> None:
        asked.append(route.request.post_data_json)
        answer = route.fetch()
        if len(asked) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    room.page.route("**/v1/transfers", lose_the_first_answer)
    room.press("a", "Enter")
    expect(room.recent.first).to_have_attribute("data-status", "done")
    assert len(asked) == 2
    assert asked[0] == asked[1]
    room.sees(sku, "available", "220")


def test_what_cannot_be_done_is_not_sent(room: Room, stage: tuple[str, str]) -> None:
    room.press("g")
    room.page.keyboard.type("101")
    expect(room.preflight).to_have_text("最多 100 件")
    room.press("Enter")
    expect(room.page.get_by_test_id("move-form")).to_be_visible()
    room.press("Escape")
    expect(room.page.get_by_test_id("move-form")).not_to_be_visible()
    expect(room.recent).to_have_count(0)


def test_the_arrows_choose_the_channel(server: RunningServer, room: Room, stage: tuple[str, str]) -> None:
    second = server.channel(name="快手")
    expect(room.page.get_by_role("columnheader", name="快手")).to_be_visible(timeout=10_000)
    room.press("g")
    # Who has least is offered first.
    expect(room.preflight).to_contain_text("快手 0 → 25")
    room.press("ArrowRight")
    expect(room.preflight).to_contain_text("抖音 20 → 45")
    room.press("ArrowLeft", "Enter")
    room.sees(stage[1], "right", "25", second)
