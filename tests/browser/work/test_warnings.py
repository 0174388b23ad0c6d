"""Warnings are seen at once, acknowledged, and follow the lines that are set on the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.api.running import RunningServer, unique, wait_for
from tests.browser.room import Room
from tests.browser.test_looks import violations


@pytest.fixture
def sku(server: RunningServer) -> str:
    """An item of which 100 units are on sale, and have been seen to be."""
    made: str = server.stocked(server.channel(), 100)
    channel = next(
        each["account"].removeprefix("channel:")
        for each in server.client.get(f"/v1/stock/{made}").json()["accounts"]
        if each["account"].startswith("channel:")
    )
    # The first look decides what the most was that there ever were.
    assert server.hold(channel, made, 1).status_code == 201
    return made


def take(server: RunningServer, sku: str, quantity: int) -> None:
    """Sell so many in the item's channel."""
    accounts = server.client.get(f"/v1/stock/{sku}").json()["accounts"]
    channel = next(each["account"] for each in accounts if each["account"].startswith("channel:"))
    assert server.hold(channel.removeprefix("channel:"), sku, quantity).status_code == 201


def standing(server: RunningServer, sku: str) -> list[str]:
    return [each["code"] for each in server.client.get("/v1/warnings").json()["items"] if each["sku"] == sku]


def test_a_warning_is_seen_within_a_second_and_acknowledged(
    server: RunningServer, room: Room, sku: str
) -> None:
    room.enter("warnings")
    take(server, sku, 97)
    card = room.page.locator(f'[data-warning="{sku}"]')
    expect(card).to_contain_text("紧急", timeout=3_000)
    expect(card).to_contain_text(sku)
    assert not violations(room)
    card.get_by_role("button", name="知道了").click()
    expect(card).to_contain_text("已确认")
    expect(card.get_by_role("button", name="知道了")).to_have_count(0)
    items = server.client.get("/v1/warnings").json()["items"]
    assert next(each["acknowledged_by"] for each in items if each["sku"] == sku)


def test_lines_are_set_for_all_and_for_one_and_given_up(server: RunningServer, room: Room, sku: str) -> None:
    room.enter("warnings?tab=lines")
    page = room.page
    everybody = page.get_by_role("region", name="所有商品")
    expect(everybody.get_by_test_id("example")).to_contain_text("剩 200 件提醒，剩 100 / 50 件再提醒")
    everybody.get_by_label("安全线：剩余低于峰值的 %").fill("30")
    expect(everybody.get_by_test_id("example")).to_contain_text("剩 300 件提醒")
    everybody.get_by_label("再提醒：低于峰值的 %（逗号隔开）").fill("40")
    everybody.get_by_role("button", name="保存").click()
    expect(everybody.get_by_text("都要低于安全线")).to_be_visible()
    assert not violations(room)
    everybody.get_by_label("再提醒：低于峰值的 %（逗号隔开）").fill("15，5")
    everybody.get_by_role("button", name="保存").click()
    wait_for(
        lambda: server.client.get("/v1/warning-lines").json()["items"][0]["lines"]["percentages"] == [15, 5]
    )
    room.opens(f"warnings?tab=lines&sku={sku}")
    one = page.get_by_role("region", name="给一个商品单独设置")
    one.get_by_label("只剩多少件时预警（空为不看）").fill("77")
    one.get_by_role("button", name="保存").click()
    follow = one.get_by_role("button", name="改回跟随所有商品")
    expect(follow).to_be_visible()
    assert server.client.get(f"/v1/warning-lines/{sku}").json()["lines"]["absolute"] == 77
    follow.click()
    expect(follow).to_have_count(0)
    assert server.client.get(f"/v1/warning-lines/{sku}").json()["own"] is False
    everybody.get_by_role("button", name="恢复出厂设置").click()
    wait_for(lambda: server.client.get("/v1/warning-lines").json()["items"][0]["own"] is False)


def test_lines_are_tried_on_what_was_sold_before_they_are_saved(
    server: RunningServer, room: Room, sku: str
) -> None:
    take(server, sku, 84)
    room.enter(f"warnings?tab=lines&sku={sku}")
    one = room.page.get_by_role("region", name="给一个商品单独设置")
    one.get_by_label("安全线：剩余低于峰值的 %").fill("x")
    one.get_by_role("button", name="预演").click()
    expect(one.get_by_text("1 到 99 的整数").first).to_be_visible()
    expect(one.get_by_test_id("preview")).to_have_count(0)
    one.get_by_label("安全线：剩余低于峰值的 %").fill("20")
    one.get_by_role("button", name="预演").click()
    told = one.get_by_test_id("preview")
    expect(told).to_contain_text("1 个商品有动静")
    answer = server.client.post(
        "/v1/warning-preview",
        json={
            "lines": server.client.get("/v1/warning-lines").json()["items"][0]["lines"],
            "hours": 168,
            "sku": sku,
        },
    ).json()
    assert answer["told"], "there is something to ring for"
    expect(told).to_contain_text(f"会提醒 {len(answer['told'])} 次")
    expect(one.get_by_role("region", name="会提醒的每一次")).to_contain_text(answer["told"][0]["zh"])
    assert not violations(room)
    assert server.client.get(f"/v1/warning-lines/{sku}").json()["own"] is False


def test_who_may_only_look_is_told_why(server: RunningServer, room: Room, sku: str) -> None:
    take(server, sku, 97)
    wait_for(lambda: bool(standing(server, sku)))
    key = server.client.post("/v1/keys", json={"name": unique("viewer"), "role": "viewer"}).json()["key"]
    room.enter("warnings", key=key)
    button = room.page.locator(f'[data-warning="{sku}"]').get_by_role("button", name="知道了")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_attribute("aria-description", "需要运营权限，当前为只读")


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)], ids=["laptop", "desk", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_reads_well_in_both_languages_and_all_sizes(
    server: RunningServer, room: Room, sku: str, size: tuple[int, int], language: str
) -> None:
    take(server, sku, 97)
    wait_for(lambda: bool(standing(server, sku)))
    room.page.set_viewport_size({"width": size[0], "height": size[1]})
    room.prefers(language=language)
    room.signs_in()
    for query, words in (
        ("", ("知道了", "Seen")),
        ("?tab=lines", ("保存", "Save")),
    ):
        room.opens(f"warnings{query}")
        expect(room.page.get_by_role("button", name=words[language == "en"]).first).to_be_visible()
        assert not violations(room)
        overflow = room.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0


def test_the_live_page_counts_warnings_marks_the_line_and_opens_them(
    server: RunningServer, room: Room, sku: str
) -> None:
    room.enter()
    alerts = room.page.get_by_test_id("alerts")
    expect(alerts).to_have_text("预警‼ 0! 0i 0")
    take(server, sku, 97)
    expect(alerts).to_have_text("预警‼ 1! 0i 0", timeout=3_000)
    expect(room.row(sku).get_by_test_id("warning")).to_have_text("‼ 紧急")
    # The strip counts alarms once: how urgent the page finds a line is that line's own mark.
    server.move(sku, "supplier", "reserve", 5)
    take(server, sku, 2)
    expect(room.row(sku)).to_have_class(re.compile("level-urgent"))
    expect(room.page.get_by_test_id("item-count")).to_have_text("1")
    expect(room.page.locator(".strip .is-critical, .strip .is-urgent")).to_have_count(1)
    expect(room.page.locator(".strip")).not_to_contain_text("紧急")
    alerts.click()
    card = room.page.locator(f'[data-warning="{sku}"]')
    expect(card).to_contain_text("已 ")
    assert not violations(room)
    card.get_by_role("button", name="知道了").click()
    expect(card).to_contain_text("已确认")
