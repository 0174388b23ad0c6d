"""Guards over HTTP: rules of an item, lists, reviews, explanations, queueing, and the freeze of an item."""

from typing import Any

import pytest

from tests.api.guards.test_tickets import hold, open_sale
from tests.api.running import RunningServer, wait_for


def test_an_item_shows_the_guard_it_was_put_with_and_a_freeze_keeps_it(server: RunningServer) -> None:
    rules: dict[str, Any] = {
        "ticket_gate": "hall",
        "per_buyer": {"window_s": 60, "orders": 1, "outcome": "queue"},
        "buyers_per_address": {"limit": 3, "outcome": "review"},
        "units_max": 5,
        "breaker": {"window_s": 1, "units": 9},
    }
    sku = open_sale(server, **rules)
    shown = server.client.get(f"/v1/skus/{sku}").json()["guard"]
    # What is the default is left out, as in limits.
    assert shown == {"period": "show", **rules}
    frozen = server.client.post(f"/v1/skus/{sku}/freeze").json()
    assert frozen["frozen"]
    assert frozen["guard"] == shown


@pytest.mark.parametrize(
    "rules",
    [
        {"per_buyer": {"window_s": 60}},
        {"account_age_min_s": {"limit": 60, "outcome": "queue"}},
        {"per_buyer": {"window_s": 0, "orders": 1}},
    ],
)
def test_rules_that_make_no_sense_are_refused_by_name(
    server: RunningServer, rules: dict[str, object]
) -> None:
    refused = server.client.put("/v1/skus/odd", json={"name": "odd", "guard": {"period": "p", **rules}})
    assert refused.status_code == 422
    assert refused.json()["field"].startswith("guard")


def test_who_is_queued_is_told_when_to_come_again(server: RunningServer) -> None:
    sku = open_sale(server, per_buyer={"window_s": 604_800, "orders": 1, "outcome": "queue"})
    assert server.client.post("/v1/holds", json=hold(sku, "ann")).status_code == 201
    second = hold(sku, "ann")
    answer = server.client.post("/v1/holds", json=second)
    assert (answer.status_code, answer.json()["code"]) == (409, "queued")
    assert int(answer.headers["retry-after"]) == answer.json()["facts"]["retry_after_s"] > 0
    assert server.client.get(f"/v1/refusals/{second['id']}").status_code == 404


def test_the_lists_of_buyers(server: RunningServer) -> None:
    sku = open_sale(server, lists=True)
    call = server.client
    put = call.put("/v1/buyers/lists/block/eve", json={"reason": "resells"})
    assert put.json()["reason"] == "resells"
    assert call.post("/v1/holds", json=hold(sku, "eve")).json()["code"] == "buyer_blocked"
    assert [item["buyer"] for item in call.get("/v1/buyers/lists/block").json()["items"]] == ["eve"]
    assert call.get("/v1/buyers/lists/allow").json()["items"] == []
    assert call.delete("/v1/buyers/lists/block/eve").status_code == 200
    assert call.delete("/v1/buyers/lists/block/eve").status_code == 404
    assert call.post("/v1/holds", json=hold(sku, "eve")).status_code == 201


def test_a_list_takes_many_and_devices_and_gives_them_back(server: RunningServer) -> None:
    sku = open_sale(server, lists=True)
    call = server.client
    url = "/v1/buyers/lists/block"
    entries = [{"value": "mia"}, {"value": "noa"}, {"kind": "device", "value": "phone-7"}]
    put = call.post(url, json={"entries": entries, "reason": "resells"}).json()
    assert [(each["kind"], each["reason"]) for each in put["changed"]] == [
        ("buyer", "resells"), ("buyer", "resells"), ("device", "resells"),
    ]  # fmt: skip
    device = put["changed"][2]["buyer"]
    assert (put["unchanged"], len(device)) == (0, 32), "a device is kept as its hash"
    refused = call.post("/v1/holds", json=hold(sku, "ann", signals={"device": "phone-7"})).json()
    assert (refused["code"], refused["facts"]["by"]) == ("buyer_blocked", "device")
    again = call.post(url, json={"entries": [*entries, {"value": "ole"}], "reason": "other"}).json()
    assert ([each["buyer"] for each in again["changed"]], again["unchanged"]) == (["ole"], 3)
    off = {"entries": [{"kind": "device", "value": device, "hashed": True}, {"value": "noa"}]}
    gone = call.post(url, json={**off, "listed": False, "reason": "undo"}).json()
    assert sorted(each["buyer"] for each in gone["changed"]) == sorted([device, "noa"])
    assert call.post(url, json={**off, "listed": False, "reason": "undo"}).json()["unchanged"] == 2
    assert [each["buyer"] for each in call.get(url).json()["items"]] == ["mia", "ole"]
    assert call.post("/v1/holds", json=hold(sku, "ann", signals={"device": "phone-7"})).status_code == 201


def test_refusals_are_found_by_buyer_order_item_and_device(server: RunningServer) -> None:
    sku = open_sale(server, lists=True)
    call = server.client
    call.put("/v1/buyers/lists/block/search-eve", json={"reason": "resells"})
    call.post(
        "/v1/buyers/lists/block",
        json={"reason": "farm", "entries": [{"kind": "device", "value": "search-phone"}]},
    )
    first, second = hold(sku, "search-eve"), hold(sku, "search-eve")
    third = hold(sku, "search-bob", signals={"device": "search-phone", "address": "1 Road"})
    for body in (first, second, third):
        assert call.post("/v1/holds", json=body).json()["code"] == "buyer_blocked"

    def found(query: str) -> list[str]:
        answer = call.get(f"/v1/refusals?{query}")
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    assert found("buyer=search-eve") == [second["id"], first["id"]]
    assert found(f"id={first['id']}") == [first["id"]]
    assert found(f"sku={sku}&limit=1") == [third["id"]]
    assert found("device=search-phone") == [third["id"]]
    assert found(f"address=1+Road&sku={sku}") == [third["id"]]
    assert found("payment=nothing") == []
    assert found(f"code=too_fast&sku={sku}") == []
    page = call.get(f"/v1/refusals?sku={sku}&limit=2").json()
    assert "该设备在黑名单中" in page["items"][0]["words"]["zh"]
    assert set(page["items"][0]["signals"]) == {"device", "address"}
    assert found(f"sku={sku}&before={page['next']}") == [first["id"]]
    assert call.get("/v1/refusals?before=odd").json()["field"] == "before"


def test_a_review_is_accepted_or_rejected_by_a_person(server: RunningServer) -> None:
    sku = open_sale(server, per_buyer={"window_s": 604_800, "orders": 1, "outcome": "review"})
    call = server.client
    holds = [hold(sku, "rev") for _ in range(3)]
    assert all(call.post("/v1/holds", json=body).status_code == 201 for body in holds)
    found = [item for item in call.get("/v1/reviews").json()["items"] if item["hold"]["buyer"] == "rev"]
    assert [item["hold"]["id"] for item in found] == [holds[2]["id"], holds[1]["id"]]
    assert found[0]["code"] == "too_fast"
    assert "下单过快（同一买家）" in found[0]["words"]["zh"]
    assert "too fast (one buyer)" in found[0]["words"]["en"]
    shown = [call.get(f"/v1/holds/{body['id']}").json()["review"] for body in holds]
    assert shown == [None, "open", "open"]
    accept = f"/v1/reviews/{holds[1]['id']}/accept"
    assert call.post(accept, json={"reason": "known"}).json()["review"] == "accepted"
    assert call.post(accept, json={}).headers["idempotency-replayed"] == "true"
    refused = call.post(f"/v1/reviews/{holds[1]['id']}/reject", json={})
    assert refused.json()["code"] == "review_already_decided"
    rejected = call.post(f"/v1/reviews/{holds[2]['id']}/reject", json={}).json()
    assert (rejected["review"], rejected["hold"]["status"]) == ("rejected", "released")
    assert call.post(f"/v1/reviews/{holds[0]['id']}/accept", json={}).json()["code"] == "not_in_review"
    accepted = call.get("/v1/reviews?state=accepted").json()["items"]
    assert holds[1]["id"] in [item["hold"]["id"] for item in accepted]
    assert call.get("/v1/reviews?state=odd").status_code == 422


def test_a_refusal_is_explained_in_both_languages(server: RunningServer) -> None:
    sku = open_sale(server, account_age_min_s={"limit": 315_360_000})
    young = hold(sku, "ann", signals={"account_created_at": "2026-01-01T00:00:00Z"})
    assert server.client.post("/v1/holds", json=young).json()["code"] == "account_too_new"
    told = server.client.get(f"/v1/refusals/{young['id']}").json()
    assert (told["code"], told["buyer"], told["lines"]) == ("account_too_new", "ann", {sku: 1})
    assert "需满 315360000 秒" in told["words"]["zh"]
    assert "has to be 315360000 s" in told["words"]["en"]
    assert server.client.get("/v1/refusals/never").status_code == 404


def test_an_item_that_reached_its_exposure_is_frozen_by_the_system_with_a_reason(
    server: RunningServer,
) -> None:
    sku = open_sale(server, units_max=2)
    call = server.client
    for buyer in ("ann", "bob"):
        assert call.post("/v1/holds", json=hold(sku, buyer)).status_code == 201
    wait_for(lambda: call.get(f"/v1/skus/{sku}").json()["frozen"])
    assert call.post("/v1/holds", json=hold(sku, "cyd")).json()["code"] == "sku_frozen"
    trail = [
        entry
        for entry in call.get(f"/v1/audit?target={sku}").json()["items"]
        if entry["actor"] == "system:exposure"
    ]
    assert sorted(entry["action"] for entry in trail) == ["exposure.freeze", "sku.put"]
    # A person opens it again without more room: the next try stops it again.
    call.post(f"/v1/skus/{sku}/unfreeze")
    assert call.post("/v1/holds", json=hold(sku, "dan")).json()["code"] == "exposure_limit_reached"
    wait_for(lambda: call.get(f"/v1/skus/{sku}").json()["frozen"])


def test_a_loss_is_told_in_money(server: RunningServer) -> None:
    sku = open_sale(server)
    guard = {"period": "loss", "loss_cents_max": 12_345}
    dear = {"name": sku, "price_cents": 100, "cost_cents": 20_000, "guard": guard}
    assert server.client.put(f"/v1/skus/{sku}", json=dear).status_code == 200
    refused = hold(sku, "ann")
    assert server.client.post("/v1/holds", json=refused).json()["code"] == "exposure_limit_reached"
    words = server.client.get(f"/v1/refusals/{refused['id']}").json()["words"]
    assert "（亏损）：上限 ¥123.45" in words["zh"]
    assert "(loss): ¥0.00 of ¥123.45" in words["en"]


def test_a_tripped_breaker_freezes_too(server: RunningServer) -> None:
    sku = open_sale(server, breaker={"window_s": 604_800, "units": 1})
    call = server.client
    assert call.post("/v1/holds", json=hold(sku, "ann")).status_code == 201
    assert not call.get(f"/v1/skus/{sku}").json()["frozen"]
    assert call.post("/v1/holds", json=hold(sku, "bob")).json()["code"] == "speed_breaker_tripped"
    wait_for(lambda: call.get(f"/v1/skus/{sku}").json()["frozen"])
