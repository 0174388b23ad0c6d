"""A guard tried on the past, with the figures and words that an operator reads, and nothing changed by it."""

from typing import Any

import pytest

from holdfast.ledger.commands import PutChannel, PutSku, RecordOrder
from holdfast.ledger.guard.rules import Guard, Speed
from holdfast.ledger.records import Sku
from holdfast.operations.guard import preview as rules
from tests.api.guards.test_tickets import hold, open_sale
from tests.api.running import RunningServer
from tests.fakes.batches import decide
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore

PAST, FUTURE = "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"


def tried(server: RunningServer, sku: str, **guard: Any) -> dict[str, Any]:
    body = {"guard": {"period": "trial", **guard}, "sku": sku, "from": PAST, "to": FUTURE}
    answer = server.client.post("/v1/guards/preview", json=body)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_rules_are_tried_on_holds_and_refusals_and_change_nothing(server: RunningServer) -> None:
    sku = open_sale(server, lists=True)
    call = server.client
    call.put("/v1/buyers/lists/block/preview-eve", json={"reason": "resells"})
    for number in range(4):
        body = hold(sku, f"preview-{number}", signals={"device": "one"})
        assert call.post("/v1/holds", json=body).status_code == 201
    refused = hold(sku, "preview-eve", signals={"device": "two"})
    assert call.post("/v1/holds", json=refused).json()["code"] == "buyer_blocked"
    before = call.get(f"/v1/stock/{sku}").json()
    found = tried(server, sku, per_device={"window_s": 604_800, "orders": 1})
    assert (found["tried"], found["placed"], found["with_signals"]) == (5, 2, 5)
    assert found["outcomes"] == [{"outcome": "refuse", "code": "too_fast", "tries": 3}]
    assert found["examples"][0]["buyer"] == "preview-1"
    assert "下单过快" in found["examples"][0]["words"]["zh"]
    assert not found["stopped_early"]
    (cluster,) = found["clusters"]
    assert (cluster["kind"], cluster["tries"], cluster["buyers"], cluster["stopped"]) == ("device", 4, 4, 3)
    # Today's list stands, and what only asks for a person lets everybody through.
    assert tried(server, sku, lists=True)["outcomes"] == [
        {"outcome": "refuse", "code": "buyer_blocked", "tries": 1}
    ]
    looked_at = tried(server, sku, per_device={"window_s": 604_800, "orders": 1, "outcome": "review"})
    assert (looked_at["placed"], looked_at["outcomes"][0]["outcome"]) == (5, "review")
    queued = tried(server, sku, per_device={"window_s": 604_800, "orders": 1, "outcome": "queue"})
    assert queued["outcomes"] == [{"outcome": "queue", "code": "too_fast", "tries": 3}]
    assert call.get(f"/v1/stock/{sku}").json() == before


def test_what_was_released_counts_until_then_and_no_longer(server: RunningServer) -> None:
    sku = open_sale(server)
    call = server.client
    for number in range(3):
        body = hold(sku, f"back-{number}")
        assert call.post("/v1/holds", json=body).status_code == 201
        assert call.post(f"/v1/holds/{body['id']}/release").status_code == 200
    assert tried(server, sku, units_max=1)["placed"] == 3


def test_a_ticket_gate_asks_for_tickets_that_were_shown(server: RunningServer) -> None:
    sku = open_sale(server)
    assert server.client.post("/v1/holds", json=hold(sku, "ann")).status_code == 201
    assert tried(server, sku, ticket_gate="hall")["outcomes"] == [
        {"outcome": "refuse", "code": "ticket_required", "tries": 1}
    ]


def test_bounded_work_says_that_it_stopped(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    sku = open_sale(server)
    for number in range(4):
        assert server.client.post("/v1/holds", json=hold(sku, f"many-{number}")).status_code == 201
    monkeypatch.setattr(rules, "EVENTS_MAX", 3)
    found = tried(server, sku)
    assert (found["tried"], found["stopped_early"]) == (3, True)


def test_what_makes_no_sense_is_refused_by_field(server: RunningServer) -> None:
    body = {"guard": {"period": "p"}, "sku": "nothing", "from": PAST, "to": FUTURE}
    call = server.client
    assert call.post("/v1/guards/preview", json=body).json()["code"] == "unknown_sku"
    turned = {**body, "from": FUTURE, "to": PAST}
    assert call.post("/v1/guards/preview", json=turned).json()["field"] == "to"


def test_orders_of_platforms_are_never_refused_and_never_asked_for_a_ticket() -> None:
    file = MemoryFile()
    store = MemoryStore(file)
    orders = [RecordOrder(f"o{n}", "dou", "ann", (("A", 1),), False, "t") for n in range(3)]
    decide(store, [PutChannel("dou", "douyin", "dou", "t"), PutSku("A", "A", "t"), *orders], 5_000_000)
    guard = Guard("trial", ticket_gate="hall", per_buyer=Speed(600, orders=1))
    found = rules.preview(MemoryReader(file), Sku("A", "A"), guard, 0, 10_000_000)
    assert (found.tried, found.placed) == (3, 3)
    assert found.outcomes == {("review", "too_fast"): 2}
    # The end of the time is not part of it.
    assert rules.preview(MemoryReader(file), Sku("A", "A"), guard, 0, 5_000_000).tried == 0
