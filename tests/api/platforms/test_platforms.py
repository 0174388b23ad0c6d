"""Connecting a platform: secrets stay inside, counters are taken over, people cannot undo it."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast.simulators.running import RunningSimulator
from tests.api.platforms.shops import (
    connected,
    connection_body,
    counter,
    listing,
    right,
    shop,
    wait_for_right,
)
from tests.api.running import RunningServer, put, transfer_body, unique

SECRETS = ("app_secret", "access_token", "refresh_token")


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    with shop() as running:
        yield running


@pytest.fixture(scope="module")
def channel(server: RunningServer, simulator: RunningSimulator) -> str:
    return connected(server, simulator)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_every_platform_is_listed_with_what_it_can_do(server: RunningServer) -> None:
    items = {item["platform"]: item for item in server.client.get("/v1/platforms").json()["items"]}
    assert {"douyin", "kuaishou", "taobao", "wechat", "shopify", "shop"} <= items.keys()
    assert items["douyin"]["base_url"].startswith("https://")
    assert items["douyin"]["write"] == "relative"
    assert items["kuaishou"]["secrets"] == ["sign_secret", "message_secret"]
    assert not items["shop"]["needs_connection"]


def test_no_secret_ever_comes_out(
    server: RunningServer, simulator: RunningSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = connection_body(simulator, secrets={"sign_secret": "a-very-secret-sign-key-9876"})
    channel = connected(server, simulator, secrets=body["secrets"])
    path = f"/v1/channels/{channel}/connection"
    shown = server.client.get(path)
    assert shown.json()["problem"] == ""
    ends = {item["name"]: item["ends_with"] for item in shown.json()["secrets"]}
    assert ends["sign_secret"] == "9876"
    assert set(SECRETS) <= ends.keys()
    server.client.post(path + "/check")
    # The simulator, in the same process here, logs the addresses it is asked under: that is the other side.
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "uvicorn.access")
    told = shown.text + server.client.get("/v1/audit").text + server.client.get("/v1/sync").text + logged
    store = b"".join(file.read_bytes() for file in server.path.parent.glob("holdfast.db*"))
    for secret in [body[name] for name in SECRETS] + list(body["secrets"].values()):
        assert secret not in told
        assert secret.encode() not in store
    (entry,) = server.client.get(f"/v1/audit?target={channel}").json()["items"][:1]
    assert (entry["action"], entry["detail"]["app_secret"]) == ("connection.put", "given")


def test_secrets_that_are_left_out_stay(server: RunningServer, simulator: RunningSimulator) -> None:
    channel = connected(server, simulator)
    path = f"/v1/channels/{channel}/connection"
    body = connection_body(simulator)
    rest = {name: value for name, value in body.items() if name not in SECRETS}
    document = put(server.client, path, {**rest, "settings": {"rate_per_s": "3", "deducts": "on_payment"}})
    assert document["manifest"]["rate"]["per_s"] == 3
    assert document["manifest"]["deducts"] == "on_payment"
    assert {item["name"] for item in document["secrets"]} >= set(SECRETS)
    assert server.client.post(path + "/check").json()["ok"] is True


def test_a_connection_that_cannot_be_is_told(server: RunningServer, simulator: RunningSimulator) -> None:
    body = connection_body(simulator)
    shop_channel = server.channel()
    assert code(server.client.put(f"/v1/channels/{shop_channel}/connection", json=body)) == (
        409,
        "not_connectable",
    )
    assert code(server.client.put("/v1/channels/nobody/connection", json=body)) == (404, "not_found")
    path = f"/v1/channels/{server.channel(platform='douyin')}/connection"
    assert code(server.client.get(path)) == (404, "not_found")
    changes: list[tuple[dict[str, Any], str]] = [
        ({"settings": {"nonsense": "1"}}, "settings"),
        ({"settings": {"deducts": "never"}}, "settings"),
        ({"base_url": "ftp://x"}, "base_url"),
        ({"app_secret": None}, "app_secret"),
        ({"app_secret": "线"}, "app_secret"),
    ]
    for change, field in changes:
        answer = server.client.put(path, json={**body, **change})
        assert (*code(answer), answer.json()["field"]) == (422, "invalid_request", field), answer.text
    assert code(server.client.get(path)) == (404, "not_found"), "nothing was saved"


@pytest.mark.parametrize(
    ("change", "expected", "words"),
    [
        ({"app_secret": "not-the-right-one"}, "channel_signature_refused", "App Secret"),
        ({"base_url": "http://127.0.0.1:9"}, "channel_unavailable", "base_url"),
    ],
)
def test_a_check_says_in_plain_words_what_is_wrong(
    server: RunningServer, simulator: RunningSimulator, change: dict[str, str], expected: str, words: str
) -> None:
    channel = connected(server, simulator, **change)
    found = server.client.post(f"/v1/channels/{channel}/connection/check").json()
    assert (found["ok"], found["code"]) == (False, expected), found
    assert words in found["message_zh"] or words in found["message"], found
    server.client.delete(f"/v1/channels/{channel}/connection")


def test_the_counter_becomes_the_right(
    server: RunningServer, simulator: RunningSimulator, channel: str
) -> None:
    name, sku = listing(simulator, 12), server.sku()
    path = f"/v1/channels/{channel}/listings/{name}"
    server.move(sku, "supplier", "unallocated", 20)
    body = {"sku": sku, "rule": {"paused": True}}
    document = put(server.client, path, body)
    assert (document["product"], document["variant"]) == tuple(name.split("/"))
    wait_for_right(server, channel, name, 12)
    stock = server.client.get(f"/v1/stock/{sku}").json()
    posted = {account["account"]: account["posted"] for account in stock["accounts"]}
    assert (posted["unallocated"], posted[f"channel:{channel}"]) == (8, 12)
    assert counter(simulator, name) == 12
    listed = server.client.get(f"/v1/listings?sku={sku}").json()["items"]
    assert [(item["channel"], item["listing"], item["right"]) for item in listed] == [(channel, name, 12)]
    assert put(server.client, path, body)["right"] == 12
    assert len(server.client.get("/v1/audit", params={"target": f"{channel}/{name}"}).json()["items"]) == 1


def test_a_counter_that_is_not_covered_is_refused_with_the_difference(
    server: RunningServer, simulator: RunningSimulator, channel: str
) -> None:
    name, sku = listing(simulator, 12), server.sku()
    path = f"/v1/channels/{channel}/listings/{name}"
    server.move(sku, "supplier", "unallocated", 5)
    for query in ("", "?dry_run=true"):
        answer = server.client.put(path + query, json={"sku": sku})
        assert code(answer) == (409, "counter_beyond_pool")
        assert answer.json()["facts"] == {"counter": 12, "pool": 5, "missing": 7}
    assert code(server.client.get(path)) == (404, "not_found")
    body = {"sku": sku, "lower_counter": True, "rule": {"paused": True}}
    assert server.client.put(path + "?dry_run=true", json=body).status_code == 200
    assert code(server.client.get(path)) == (404, "not_found"), "a dry run saves nothing"
    put(server.client, path, body)
    wait_for_right(server, channel, name, 5)
    assert counter(simulator, name) == 5


def test_units_that_lie_in_the_channel_are_not_forgotten(
    server: RunningServer, simulator: RunningSimulator, channel: str
) -> None:
    name, sku = listing(simulator, 4), server.sku()
    path = f"/v1/channels/{channel}/listings/{name}"
    server.move(sku, "supplier", f"channel:{channel}", 7)
    answer = server.client.put(path, json={"sku": sku})
    assert code(answer) == (409, "channel_holds_units")
    assert answer.json()["facts"] == {"sku": sku, "units": 3}
    server.move(sku, f"channel:{channel}", "unallocated", 3)
    put(server.client, path, {"sku": sku, "rule": {"paused": True}})
    wait_for_right(server, channel, name, 4)


def test_people_do_not_move_what_the_sync_moves(
    server: RunningServer, simulator: RunningSimulator, channel: str
) -> None:
    name, sku, other = listing(simulator, 3), server.sku(), server.sku()
    bundle = server.sku(components=[{"sku": sku, "quantity": 1}])
    for each in (sku, other):
        server.move(each, "supplier", "unallocated", 10)
    put(
        server.client,
        f"/v1/channels/{channel}/listings/{name}",
        {"sku": bundle, "rule": {"paused": True}},
    )
    wait_for_right(server, channel, name, 3)
    right_account = f"channel:{channel}"
    for source, target in ((right_account, "unallocated"), ("unallocated", right_account)):
        answer = server.client.post("/v1/transfers", json=transfer_body(sku, source, target, 1))
        assert code(answer) == (409, "channel_is_synced")
    file = f"sku,channel:{channel}\n{sku},5\n".encode()
    (told,) = server.client.post("/v1/imports/items?apply=true", content=file).json()["problems"]
    assert (told["row"], told["column"], told["code"]) == (2, f"channel:{channel}", "channel_is_synced")
    server.move(other, "unallocated", right_account, 1)
    server.move(sku, "unallocated", "reserve", 1)
    refused = server.hold(channel, sku)
    assert code(refused) == (409, "channel_is_synced")
    own = server.channel()
    server.move(other, "unallocated", f"channel:{own}", 1)
    holds = [
        {"id": unique("h"), "channel": each, "buyer": "b", "lines": [{"sku": other, "quantity": 1}]}
        for each in (channel, own, channel)
    ]
    results = server.client.post("/v1/holds/batch", json={"holds": holds}).json()["results"]
    assert [item.get("code", item.get("status")) for item in results] == [
        "channel_is_synced",
        "placed",
        "channel_is_synced",
    ]


def test_rules_move_rights_and_a_listing_goes_when_it_has_none(
    server: RunningServer, simulator: RunningSimulator
) -> None:
    channel = connected(server, simulator)
    name, sku, other = listing(simulator, 0), server.sku(), server.sku()
    path = f"/v1/channels/{channel}/listings/{name}"
    server.move(sku, "supplier", "unallocated", 30)
    put(server.client, path, {"sku": sku, "rule": {"fixed": 11}})
    wait_for_right(server, channel, name, 11)
    assert counter(simulator, name) == 11
    for refused, expected in (
        (server.client.put(path, json={"sku": other}), "listing_has_right"),
        (server.client.delete(path), "listing_has_right"),
        (server.client.delete(f"/v1/channels/{channel}/connection"), "channel_has_rights"),
    ):
        assert code(refused) == (409, expected)
    put(server.client, path, {"sku": sku, "rule": {"fixed": 0}})
    wait_for_right(server, channel, name, 0)
    assert counter(simulator, name) == 0
    assert server.client.delete(path).status_code == 200
    assert code(server.client.get(path)) == (404, "not_found")
    assert server.client.delete(f"/v1/channels/{channel}/connection").status_code == 200
    assert code(server.client.get(f"/v1/channels/{channel}/connection")) == (404, "not_found")
    answer = server.client.post(
        "/v1/transfers", json=transfer_body(sku, "unallocated", f"channel:{channel}", 1)
    )
    assert answer.status_code == 201, "the channel is nobody's any more"


def test_an_item_is_paused_everywhere(server: RunningServer, simulator: RunningSimulator) -> None:
    channel, sku = connected(server, simulator), server.sku()
    names = [listing(simulator, 0) for _ in range(2)]
    for name in names:
        put(server.client, f"/v1/channels/{channel}/listings/{name}", {"sku": sku})
    paused = server.client.post(f"/v1/skus/{sku}/pause").json()["items"]
    assert [item["rule"]["paused"] for item in paused] == [True, True]
    server.move(sku, "supplier", "unallocated", 10)
    assert [right(server, channel, name) for name in names] in ([0, 0], [0, None], [None, 0], [None, None])
    assert server.client.post(f"/v1/skus/{sku}/resume").status_code == 200
    listed = server.client.get(f"/v1/channels/{channel}/listings?limit=1").json()
    assert len(listed["items"]) == 1
    after = server.client.get(f"/v1/channels/{channel}/listings", params={"after": listed["next"]}).json()
    assert {listed["items"][0]["listing"], after["items"][0]["listing"]} == set(names)
    assert after["next"] is None
    assert code(server.client.post("/v1/skus/nothing/pause")) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "sku"),
        ({"sku": "A", "rule": {"minimum": -1}}, "rule.minimum"),
        ({"sku": "A", "rule": {"minimum": 5, "maximum": 4}}, "rule.maximum"),
        ({"sku": "A", "rule": {"weigth": 1}}, "rule.weigth"),
        ({"sku": "A", "product": "other"}, "product"),
        ({"sku": "A", "variant": "1"}, "product"),
    ],
)
def test_a_bad_listing_is_told_by_its_field(
    server: RunningServer, channel: str, body: dict[str, Any], field: str
) -> None:
    answer = server.client.put(f"/v1/channels/{channel}/listings/1/2@w", json=body)
    assert (*code(answer), answer.json()["field"]) == (422, "invalid_request", field), answer.text


def test_a_listing_needs_an_item_and_a_connection(server: RunningServer, channel: str) -> None:
    bare = server.channel(platform="douyin")
    assert code(server.client.put(f"/v1/channels/{channel}/listings/1/2", json={"sku": "no-such"})) == (
        409,
        "unknown_sku",
    )
    body = {"sku": server.sku()}
    assert code(server.client.put(f"/v1/channels/{bare}/listings/1/2", json=body)) == (409, "not_connected")
    answer = server.client.put(f"/v1/channels/{channel}/listings/99/2", json=body)
    assert code(answer) == (409, "platform_failed"), answer.text
