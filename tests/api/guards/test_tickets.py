"""Tickets over HTTP: not to be forged, altered, moved to another buyer or used twice, on any way in."""

from typing import Any

import pytest

from holdfast.ledger.guard.rules import FORGED
from holdfast.operations.guard.office import TicketOffice
from holdfast.sealing import Sealer
from tests.api.running import RunningServer, unique

FAR = "2999-01-01T00:00:00Z"


def open_sale(server: RunningServer, units: int = 9, **guard: Any) -> str:
    """An item with a guard and stock; its code."""
    sku = unique("guarded")
    call = server.client
    assert call.put("/v1/channels/shop", json={"platform": "shop", "name": "shop"}).status_code == 200
    put = call.put(f"/v1/skus/{sku}", json={"name": sku, "guard": {"period": "show", **guard}})
    assert put.status_code == 200, put.text
    body = {"id": unique("t"), "sku": sku, "from": "supplier", "to": "channel:shop", "reason": "stock"}
    assert call.post("/v1/transfers", json=body | {"quantity": units}).status_code == 201
    return sku


def hold(sku: str, buyer: str, **more: Any) -> dict[str, Any]:
    line = {"sku": sku, "quantity": 1}
    return {"id": unique("h"), "channel": "shop", "buyer": buyer, "lines": [line], **more}


def issue(server: RunningServer, gate: str, *buyers: str, **more: Any) -> list[str]:
    body = {"gate": gate, "buyers": list(buyers), "expires_at": FAR, **more}
    answer = server.client.post("/v1/tickets", json=body)
    assert answer.status_code == 201, answer.text
    return [given["ticket"] for given in answer.json()["tickets"]]


def test_a_ticket_opens_one_hold_of_its_buyer(server: RunningServer) -> None:
    gate = unique("gate")
    sku = open_sale(server, ticket_gate=gate)
    (ticket,) = issue(server, gate, "ann")
    place = server.client.post
    assert place("/v1/holds", json=hold(sku, "ann")).json()["code"] == "ticket_required"
    assert place("/v1/holds", json=hold(sku, "bob", ticket=ticket)).json()["facts"]["reason"] == "other_buyer"
    first = hold(sku, "ann", ticket=ticket)
    assert place("/v1/holds", json=first).status_code == 201
    again = place("/v1/holds", json=first)
    assert again.status_code == 200
    assert again.headers["idempotency-replayed"] == "true"
    assert place("/v1/holds", json=hold(sku, "ann", ticket=ticket)).json()["code"] == "ticket_used"
    shown = server.client.get(f"/v1/gates/{gate}").json()
    assert shown == {"gate": gate, "issued": 1, "used": 1}
    assert shown in server.client.get("/v1/gates").json()["items"]


def test_the_same_buyer_gets_the_same_go_unless_a_person_gives_another(server: RunningServer) -> None:
    gate = unique("gate")
    sku = open_sale(server, ticket_gate=gate)
    first, second = issue(server, gate, "ann"), issue(server, gate, "ann")
    assert first == second
    (another,) = issue(server, gate, "ann", number=2)
    place = server.client.post
    assert place("/v1/holds", json=hold(sku, "ann", ticket=first[0])).status_code == 201
    assert place("/v1/holds", json=hold(sku, "ann", ticket=another)).status_code == 201


@pytest.mark.parametrize("spoil", range(0, 250, 9))
def test_no_character_of_a_ticket_can_be_changed(server: RunningServer, spoil: int) -> None:
    gate = "spoiled"
    (ticket,) = issue(server, gate, "ann")
    place = spoil % len(ticket)
    spoiled = ticket[:place] + ("A" if ticket[place] != "A" else "B") + ticket[place + 1 :]
    assert server.holdfast.guards.office.read(spoiled) == FORGED


@pytest.mark.parametrize("text", ["x", ".", "a.b", "é.é", "W10.", "." * 2048, "forged"])
def test_what_is_no_ticket_is_refused_and_breaks_nothing(server: RunningServer, text: str) -> None:
    sku = open_sale(server, ticket_gate="hall")
    refused = server.client.post("/v1/holds", json=hold(sku, "ann", ticket=text)).json()
    assert (refused["code"], refused["facts"]["reason"]) == ("ticket_invalid", "not_genuine")


def test_the_batch_route_carries_tickets_and_signals(server: RunningServer) -> None:
    gate = unique("gate")
    device = {"window_s": 3600, "orders": 1}
    sku = open_sale(server, ticket_gate=gate, per_device=device)
    ann, bob = issue(server, gate, "ann", "bob")
    signals = {"device": "phone-1"}
    holds = [
        hold(sku, "ann", ticket=ann, signals=signals),
        hold(sku, "bob", ticket=bob, signals=signals),
        hold(sku, "bob", ticket=bob, signals={"device": "phone-2"}),
        hold(sku, "cyd"),
    ]
    results = server.client.post("/v1/holds/batch", json={"holds": holds}).json()["results"]
    assert [item.get("status") or item["code"] for item in results] == [
        "placed",
        "too_fast",
        "placed",
        "ticket_required",
    ]


def test_a_ticket_of_a_key_that_was_replaced_is_good_while_the_old_key_is_kept(tmp_path: Any) -> None:
    old, new = "A" * 43 + "=", "B" * 43 + "="
    ticket = TicketOffice(Sealer(old, tmp_path / "k")).issue("hall", "ann", 1, 5)
    assert TicketOffice(Sealer(f"{new},{old}", tmp_path / "k")).read(ticket).buyer == "ann"
    assert TicketOffice(Sealer(new, tmp_path / "k")).read(ticket) == FORGED


def test_signals_are_stored_as_hashes_only(server: RunningServer) -> None:
    sku = open_sale(server, per_address={"window_s": 3600, "orders": 5})
    plain = {"device": "device-plain", "address": "address-plain", "payment": "payment-plain"}
    assert server.client.post("/v1/holds", json=hold(sku, "ann", signals=plain)).status_code == 201
    files = [path for path in server.path.parent.iterdir() if path.name.startswith(server.path.name)]
    assert not any(word.encode() in path.read_bytes() for path in files for word in plain.values())


def test_a_ticket_has_to_end_in_the_future(server: RunningServer) -> None:
    body = {"gate": "hall", "buyers": ["ann"], "expires_at": "2001-01-01T00:00:00Z"}
    refused = server.client.post("/v1/tickets", json=body)
    assert (refused.status_code, refused.json()["field"]) == (422, "expires_at")


def test_a_gate_that_nobody_knows(server: RunningServer) -> None:
    assert server.client.get("/v1/gates/nowhere").status_code == 404
