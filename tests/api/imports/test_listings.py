"""Listings from a file: planned row by row, refused with the reason, mapped in one commit."""

from collections.abc import Iterator
from typing import Any

import pytest

from holdfast.simulators.running import RunningSimulator
from tests.api.platforms.shops import connected, counter, listing, shop, wait_for_right
from tests.api.platforms.test_pushes import buy, next_second
from tests.api.running import RunningServer, put, wait_for

HEADINGS = "商品ID,规格ID,商品编码,商家编码,下限\n"


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    with shop() as running:
        yield running


@pytest.fixture(scope="module")
def channel(server: RunningServer, simulator: RunningSimulator) -> str:
    return connected(server, simulator)


def send(server: RunningServer, text: str, code: int = 200, **query: str) -> dict[str, Any]:
    answer = server.client.post("/v1/imports/listings", content=text.encode("gb18030"), params=query)
    assert answer.status_code == code, answer.text
    document: dict[str, Any] = answer.json()
    return document


def row(name: str, sku: str, code: str = "", minimum: str = "") -> str:
    product, _, variant = name.partition("/")
    return f"{product},{variant},{sku},{code},{minimum}\n"


def mapped(server: RunningServer, channel: str) -> dict[str, str]:
    found = server.client.get(f"/v1/channels/{channel}/listings").json()["items"]
    return {each["listing"]: each["sku"] for each in found}


def test_a_file_is_planned_mapped_and_its_repeat_changes_nothing(
    server: RunningServer, simulator: RunningSimulator, channel: str
) -> None:
    sku, other = server.sku(name="雾面口红"), server.sku()
    for each in (sku, other):
        server.move(each, "supplier", "unallocated", 30)
    first, second = listing(simulator, 8), listing(simulator, 4)
    text = HEADINGS + row(first, sku, "LIP-1", "2") + row(second, other)
    found = send(server, text, channel=channel)
    assert (found["applied"], found["unchanged"], found["problems"], found["warnings"]) == (False, 0, [], [])
    new = found["rows"][0]
    assert (new["row"], new["channel"], new["listing"], new["sku"], new["name"], new["new"]) == (
        2, channel, first, sku, "雾面口红", True
    )  # fmt: skip
    assert {"field": "minimum", "old": None, "new": 2} in new["changes"]
    assert mapped(server, channel) == {}, "a look changes nothing"
    done = send(server, text, channel=channel, apply="true", plan=found["plan"])
    assert (done["applied"], done["rows"]) == (True, found["rows"])
    assert mapped(server, channel) == {first: sku, second: other}
    wait_for_right(server, channel, first, 30)
    trail = server.client.get("/v1/audit", params={"target": f"{channel}/{first}"}).json()["items"]
    assert [(each["action"], each["result"]) for each in trail] == [("listing.put", "saved")]
    again = send(server, text, channel=channel, apply="true")
    assert (again["rows"], again["unchanged"]) == ([], 2)
    late = send(server, HEADINGS + row(first, sku, "", "3"), channel=channel)["plan"]
    put(server.client, f"/v1/channels/{channel}/listings/{first}", {"sku": sku, "rule": {"minimum": 1}})
    text = HEADINGS + row(first, sku, "", "3")
    assert send(server, text, 409, channel=channel, apply="true", plan=late)["code"] == "changed_meanwhile"


def test_one_row_that_cannot_be_keeps_all_from_being_mapped(
    server: RunningServer, simulator: RunningSimulator, channel: str
) -> None:
    covered, bare, strayed = (server.sku() for _ in range(3))
    server.move(covered, "supplier", "unallocated", 10)
    fits, beyond, stray = listing(simulator, 5), listing(simulator, 9), listing(simulator, 0)
    before = mapped(server, channel)
    text = HEADINGS + row(fits, covered) + row(beyond, bare) + row("99/1", covered)
    found = send(server, text, channel=channel, apply="true")
    assert [(each["row"], each["column"], each["code"]) for each in found["problems"]] == [
        (3, "商品ID", "counter_beyond_pool"),
        (4, "商品ID", "platform_failed"),
    ]
    assert "平台显示 9 件，可分配只有 0 件" in found["problems"][0]["message_zh"]
    assert (found["applied"], [each["row"] for each in found["rows"]]) == (False, [2, 3, 4])
    assert mapped(server, channel) == before
    text = HEADINGS + row(fits, covered) + row(beyond, bare)
    assert send(server, text, channel=channel, lower_counter="true", apply="true")["applied"]
    wait_for(lambda: counter(simulator, beyond) == 0)
    assert mapped(server, channel) == before | {fits: covered, beyond: bare}
    moved = send(server, HEADINGS + row(fits, bare), channel=channel)
    assert [each["code"] for each in moved["problems"]] == ["listing_has_right"]
    free = server.channel(platform="douyin", name="没连接")
    server.move(strayed, "supplier", f"channel:{free}", 3)
    text = "渠道,商品ID,规格ID,商品编码\n没连接," + ",".join([*stray.split("/"), strayed]) + "\n"
    assert [each["code"] for each in send(server, text)["problems"]] == ["not_connected"]


def test_units_that_lie_in_the_channel_are_told(server: RunningServer, simulator: RunningSimulator) -> None:
    sku = server.sku()
    lone = server.channel(platform="douyin", name="独立渠道")
    server.move(sku, "supplier", f"channel:{lone}", 3)
    told = simulator.control("GET", "/credentials")
    names = ("base_url", "app_key", "app_secret", "shop", "access_token", "refresh_token", "secrets")
    put(server.client, f"/v1/channels/{lone}/connection", {name: told[name] for name in names})
    found = send(server, HEADINGS + row(listing(simulator, 0), sku), channel=lone)
    assert [each["code"] for each in found["problems"]] == ["channel_holds_units"]


def test_what_is_wrong_is_told_by_row_and_column(server: RunningServer, channel: str) -> None:
    found = send(server, HEADINGS + "1,2,没有,,x\n3,4,,,\n", channel=channel)
    assert {(each["row"], each["column"], each["code"]) for each in found["problems"]} == {
        (2, "下限", "not_a_number"),
        (3, "商品编码", "missing_value"),
    }
    assert send(server, HEADINGS, channel="none")["problems"][0]["code"] == "file_empty"
    assert send(server, "", channel=channel)["problems"][0]["code"] == "file_empty"
    assert send(server, HEADINGS, 422, channel="a b")["code"] == "invalid_request"
    assert send(server, HEADINGS, 422, lower_counter="yes")["code"] == "invalid_request"
    template = server.client.get("/v1/listings-template.csv")
    assert template.content.startswith("\ufeff商品ID,规格ID".encode())


def test_listings_that_sell_unmapped_are_told_with_the_item_of_their_code(
    server: RunningServer, simulator: RunningSimulator
) -> None:
    told = connected(server, simulator, settings={"rate_per_s": "500", "poll_every_s": "3600"})
    simulator.control("PUT", "/push", {"url": f"{server.url}/v1/channels/{told}/webhook"})
    next_second()
    sku = server.sku(name="雾面口红")
    server.move(sku, "supplier", "unallocated", 9)
    known, unknown = listing(simulator, 9, sku), listing(simulator, 9, "no-item")
    path = f"/v1/channels/{told}/unmapped"
    assert server.client.get(path).json() == {"items": [], "next": None}
    buy(simulator, known, 2)
    buy(simulator, known, 1)
    buy(simulator, unknown, 1)
    wait_for(lambda: sum(each["orders"] for each in server.client.get(path).json()["items"]) == 3)
    product, _, variant = known.partition("/")
    first, second = server.client.get(path).json()["items"]
    assert first == {
        "listing": known,
        "product": product,
        "variant": variant,
        "warehouse": "",
        "merchant_code": sku,
        "orders": 2,
        "units": 3,
        "sku": sku,
        "name": "雾面口红",
    }
    assert (second["listing"], second["merchant_code"], second["sku"]) == (unknown, "no-item", None)
    assert send(server, HEADINGS + row(known, sku, sku), channel=told, apply="true")["applied"]
    wait_for(lambda: [each["listing"] for each in server.client.get(path).json()["items"]] == [unknown])
    assert server.client.get("/v1/channels/none/unmapped").status_code == 404


def test_who_only_reads_may_not_map(server: RunningServer) -> None:
    made = server.client.post("/v1/keys", json={"name": "reads-listings", "role": "viewer"}).json()
    with server.client_with(made["key"]) as viewer:
        assert viewer.post("/v1/imports/listings", content=b"sku\nA\n").status_code == 403
