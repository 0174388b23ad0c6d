"""Limits and the gate of a drop through the API: for its window, told on the item, told when overruled."""

from tests.api.running import RunningServer, put, unique

from .test_drops import body, item


def test_they_hold_from_the_opening_to_the_end_and_then_the_old_ones_do(server: RunningServer) -> None:
    channel, sku, path = item(server)
    before = {"period": "all-year", "per_buyer": 9}
    put(server.client, f"/v1/skus/{sku}", {"name": sku, "limits": before})
    gate, id = unique("gate"), path.rpartition("/")[2]
    limits = {"per_order": 1, "per_buyer_across_channels": 1}
    more = {"limits": limits, "ticket_gate": gate}
    locked = put(server.client, path, body(sku, channel, 20, 900, **more))
    assert (locked["limits"], locked["ticket_gate"], locked["limits_overruled"]) == (limits, gate, False)
    assert server.client.get(f"/v1/skus/{sku}").json()["limits"] == before
    server.client.post(path + "/open").raise_for_status()
    shown = server.client.get(f"/v1/skus/{sku}").json()
    assert shown["limits"] == {**limits, "period": f"drop:{id}", "per_buyer": 9}
    assert shown["guard"]["ticket_gate"] == gate
    assert server.hold(channel, sku).json()["code"] == "ticket_required"
    asked = {"gate": gate, "buyers": ["ann"], "expires_at": "2099-01-01T00:00:00Z", "number": 2}
    tickets = server.client.post("/v1/tickets", json=asked).json()["tickets"]
    codes = []
    for each in tickets:
        hold = {"id": unique("h"), "channel": channel, "buyer": "ann", "ticket": each["ticket"]}
        told = server.client.post("/v1/holds", json={**hold, "lines": [{"sku": sku, "quantity": 1}]})
        codes.append(told.json().get("code"))
    assert codes[0] is None
    assert set(codes[1:]) <= {"purchase_limit_exceeded"}
    server.client.post(path + "/close").raise_for_status()
    after = server.client.get(f"/v1/skus/{sku}").json()
    assert (after["limits"], after["guard"]) == (before, None)


def test_what_a_person_sets_meanwhile_stays(server: RunningServer) -> None:
    channel, sku, path = item(server)
    put(server.client, path, body(sku, channel, 20, 900, limits={"per_order": 2}))
    server.client.post(path + "/open").raise_for_status()
    theirs = {"period": "mine", "per_order": 5}
    put(server.client, f"/v1/skus/{sku}", {"name": sku, "limits": theirs})
    assert server.client.get(path).json()["limits_overruled"] is True
    server.client.post(path + "/close").raise_for_status()
    assert server.client.get(f"/v1/skus/{sku}").json()["limits"] == theirs


def test_two_gates_at_once_are_refused(server: RunningServer) -> None:
    channel, sku, path = item(server)
    put(server.client, path, body(sku, channel, 5, 900, ticket_gate="noon"))
    told = server.client.put(path + "x", json=body(sku, channel, 5, 950, ticket_gate="night")).json()
    assert (told["code"], told["field"]) == ("gate_overlaps", "ticket_gate")
