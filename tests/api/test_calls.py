"""Every call of the contract: what it answers, and under which status."""

from typing import Any

import httpx
import pytest

from holdfast.api.asgi import OPERATIONS
from tests.api.running import RunningServer, hold_body, put, transfer_body, unique

PICTURE = "https://img.example/礼盒.jpg?w=80"


def problem(answer: httpx.Response, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    """Check a problem document and give it back."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code
    assert document["status"] == status
    assert document["type"] == f"urn:holdfast:problem:{code}"
    assert document["title"]
    assert document["detail"]
    assert document.get("field") == field
    return document


def test_an_item_is_stored_as_sent_and_a_repeat_changes_nothing(server: RunningServer) -> None:
    part = server.sku()
    body = {
        "name": "礼盒 🎁",
        "variant": "红",
        "price_cents": 9900,
        "cost_cents": 0,
        "frozen": True,
        "sale_opens_at": "2026-01-01T08:00:00.123456+08:00",
        "sale_closes_at": "2026-01-02T00:00:00Z",
        "limits": {"period": "双11", "per_order": 1, "per_buyer": 2, "per_buyer_across_channels": 3},
        "components": [{"sku": part, "quantity": 2}],
        "image_url": PICTURE,
    }
    sku = unique("BOX")
    stored = put(server.client, f"/v1/skus/{sku}", body)
    expected = {**body, "sku": sku, "sale_opens_at": "2026-01-01T00:00:00.123456Z"}
    assert {name: stored[name] for name in expected} == expected
    assert put(server.client, f"/v1/skus/{sku}", body) == stored
    assert server.client.get(f"/v1/skus/{sku}").json() == stored
    small = {"name": "x", "image_url": "data:image/svg+xml,%3Csvg/%3E"}
    assert put(server.client, f"/v1/skus/{sku}", small)["image_url"] == small["image_url"]
    reset = put(server.client, f"/v1/skus/{sku}", {"name": "x", "image_url": ""})
    assert (reset["components"], reset["image_url"]) == ([], None)


def test_freezing_changes_nothing_else(server: RunningServer) -> None:
    channel, sku = server.channel(), unique("MUG")
    limits = {"period": "双11", "per_order": 1, "per_buyer": None, "per_buyer_across_channels": None}
    put(
        server.client,
        f"/v1/skus/{sku}",
        {"name": "x", "price_cents": 5, "limits": limits, "image_url": PICTURE},
    )
    server.move(sku, "supplier", f"channel:{channel}", 5)
    before = server.client.get(f"/v1/skus/{sku}").json()
    for _ in range(2):
        frozen = server.client.post(f"/v1/skus/{sku}/freeze").json()
        assert {**frozen, "updated_at": ""} == {**before, "frozen": True, "updated_at": ""}
    problem(server.hold(channel, sku), 409, "sku_frozen")
    assert server.client.post(f"/v1/skus/{sku}/unfreeze").json()["frozen"] is False
    assert server.hold(channel, sku).status_code == 201
    problem(server.client.post("/v1/skus/nowhere/freeze"), 404, "not_found", "sku")


def test_bundles_are_refused_with_their_cause(server: RunningServer) -> None:
    channel = server.channel()
    part, full = server.sku(), server.stocked(channel)
    bundle = server.sku(components=[{"sku": part, "quantity": 1}])

    def attempt(sku: str, part: str) -> httpx.Response:
        body = {"name": "x", "components": [{"sku": part, "quantity": 1}]}
        return server.client.put(f"/v1/skus/{sku}", json=body)

    problem(attempt(part, full), 409, "sku_is_component")
    problem(attempt(full, part), 409, "sku_has_stock")
    problem(attempt(unique("B"), "nowhere"), 409, "unknown_component")
    problem(attempt(unique("B"), bundle), 409, "component_is_bundle")
    answer = server.client.post("/v1/transfers", json=transfer_body(bundle, "supplier", "unallocated", 1))
    problem(answer, 409, "sku_is_bundle")


def test_a_channel_is_stored_as_sent(server: RunningServer) -> None:
    name = server.channel(frozen=True)
    found = server.client.get(f"/v1/channels/{name}").json()
    assert (found["channel"], found["platform"], found["name"], found["frozen"]) == (
        name,
        "shop",
        "小店",
        True,
    )
    listed = server.client.get("/v1/channels").json()
    assert found in listed["items"]
    assert listed["next"] is None


def test_a_transfer_is_recorded_once_and_replayed_under_its_id(server: RunningServer) -> None:
    sku = server.sku()
    body = transfer_body(sku, "supplier", "unallocated", 7, reference="PO 1", event_at="2026-01-01T00:00:00Z")
    first = server.client.post("/v1/transfers", json=body)
    assert first.status_code == 201
    assert "idempotency-replayed" not in first.headers
    again = server.client.post("/v1/transfers", json=body)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert server.client.get(f"/v1/transfers/{body['id']}").json() == first.json()
    assert first.json()["actor"] == "key:first"
    assert server.client.get(f"/v1/stock/{sku}").json()["on_hand"] == 7


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("quantity", 8, "exists_with_different_quantity"),
        ("to", "reserve", "exists_with_different_to"),
        ("from", "adjustment", "exists_with_different_from"),
        ("reason", "other", "exists_with_different_reason"),
        ("location", "east", "exists_with_different_location"),
        ("sku", "other", "exists_with_different_sku"),
    ],
)
def test_another_transfer_under_the_same_id_is_refused(
    server: RunningServer, field: str, value: object, code: str
) -> None:
    body = transfer_body(server.sku(), "supplier", "unallocated", 7)
    assert server.client.post("/v1/transfers", json=body).status_code == 201
    problem(server.client.post("/v1/transfers", json={**body, field: value}), 409, code)


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("channel:nowhere", "unallocated", "unknown_channel"),
        ("unallocated", "unallocated", "accounts_must_differ"),
        ("supplier", "customer", "transfer_not_allowed"),
        ("unallocated", "reserve", "insufficient_available"),
    ],
)
def test_a_refused_transfer_is_refused_the_same_way_for_ever(
    server: RunningServer, source: str, target: str, code: str
) -> None:
    sku = server.sku()
    body = transfer_body(sku, source, target, 1)
    first = problem(server.client.post("/v1/transfers", json=body), 409, code)
    server.move(sku, "supplier", "unallocated", 5)
    again = problem(server.client.post("/v1/transfers", json=body), 409, code)
    assert again.get("facts") == first.get("facts")


def test_a_hold_is_placed_confirmed_and_seen_in_stock(server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 10)
    body = hold_body(channel, sku, 3, ttl_s=60)
    placed = server.client.post("/v1/holds", json=body)
    assert placed.status_code == 201
    assert placed.json()["status"] == "placed"
    assert placed.json()["lines"] == body["lines"]
    again = server.client.post("/v1/holds", json=body)
    assert (again.status_code, again.json()) == (200, placed.json())
    assert again.headers["idempotency-replayed"] == "true"
    stock = server.client.get(f"/v1/stock/{sku}").json()
    assert (stock["on_hand"], stock["available"], stock["held"], stock["committed"]) == (10, 7, 3, 0)

    path = f"/v1/holds/{body['id']}"
    confirmed = server.client.post(f"{path}/confirm")
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "confirmed")
    again = server.client.post(f"{path}/confirm")
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == confirmed.json()
    assert server.client.get(path).json() == confirmed.json()
    problem(server.client.post(f"{path}/release"), 409, "hold_already_confirmed")
    stock = server.client.get(f"/v1/stock/{sku}").json()
    assert (stock["on_hand"], stock["available"], stock["held"], stock["committed"]) == (10, 7, 0, 3)
    assert {"account": f"committed:{channel}", "location": "main", "posted": 3, "held": 0} in stock[
        "accounts"
    ]
    listed = server.client.get("/v1/transfers", params={"sku": sku}).json()["items"]
    assert (listed[0]["reference"], listed[0]["id"]) == (body["id"], None)


def test_a_released_hold_gives_its_units_back(server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 1)
    path = f"/v1/holds/{server.hold(channel, sku).json()['id']}"
    problem(server.hold(channel, sku), 409, "insufficient_available")
    assert server.client.post(f"{path}/release").json()["status"] == "released"
    assert server.client.post(f"{path}/release").headers["idempotency-replayed"] == "true"
    problem(server.client.post(f"{path}/confirm"), 409, "hold_already_released")
    assert server.hold(channel, sku).status_code == 201


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"channel": "other"}, "exists_with_different_channel"),
        ({"buyer": "other"}, "exists_with_different_buyer"),
        ({"buyer_key": "other"}, "exists_with_different_buyer"),
        ({"lines": [{"sku": "other", "quantity": 1}]}, "exists_with_different_lines"),
        ({"ttl_s": 1}, "exists_with_different_ttl"),
    ],
)
def test_another_hold_under_the_same_id_is_refused(
    server: RunningServer, change: dict[str, Any], code: str
) -> None:
    channel = server.channel()
    body = hold_body(channel, server.stocked(channel))
    assert server.client.post("/v1/holds", json=body).status_code == 201
    problem(server.client.post("/v1/holds", json={**body, **change}), 409, code)
    more = [{**body["lines"][0], "quantity": 2}]
    answer = server.client.post("/v1/holds", json={**body, "lines": more})
    problem(answer, 409, "exists_with_different_quantity")


@pytest.fixture
def refusals(server: RunningServer) -> dict[str, dict[str, Any]]:
    """A hold for each cause of refusal."""
    channel, frozen = server.channel(), server.channel(frozen=True)
    limits = {"period": "show", "per_order": 1}
    return {
        "unknown_channel": hold_body("nowhere", server.sku()),
        "unknown_sku": hold_body(channel, "nowhere"),
        "channel_frozen": hold_body(frozen, server.sku()),
        "sku_frozen": hold_body(channel, server.stocked(channel, frozen=True)),
        "sale_not_open": hold_body(
            channel, server.stocked(channel, sale_opens_at="2999-01-01T00:00:00+08:00")
        ),
        "sale_closed": hold_body(channel, server.stocked(channel, sale_closes_at="2000-01-01T00:00:00Z")),
        "purchase_limit_exceeded": hold_body(channel, server.stocked(channel, limits=limits), 2),
        "insufficient_available": hold_body(channel, server.stocked(channel), 11),
    }


def test_each_refusal_of_a_hold_is_409_with_its_code_and_is_kept(
    server: RunningServer, refusals: dict[str, dict[str, Any]]
) -> None:
    for code, body in refusals.items():
        first = problem(server.client.post("/v1/holds", json=body), 409, code)
        again = problem(server.client.post("/v1/holds", json=body), 409, code)
        assert first["facts"] == again["facts"]
        problem(server.client.get(f"/v1/holds/{body['id']}"), 404, "unknown_hold")


def test_a_batch_answers_each_hold_in_order(
    server: RunningServer, refusals: dict[str, dict[str, Any]]
) -> None:
    channel = server.channel()
    good = hold_body(channel, server.stocked(channel, 1))
    late = hold_body(channel, good["lines"][0]["sku"])
    holds = [good, *refusals.values(), good, late]
    answer = server.client.post("/v1/holds/batch", json={"holds": holds})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [item["id"] for item in results] == [body["id"] for body in holds]
    assert results[0]["status"] == "placed"
    assert [item["code"] for item in results[1:-2]] == list(refusals)
    assert (results[-2]["status"], results[-2]["replayed"]) == ("placed", True)
    assert results[-1]["code"] == "insufficient_available"
    assert results[-1]["facts"]["available"] == 0


def test_lists_come_in_pages_that_meet_without_gap_or_repeat(server: RunningServer) -> None:
    skus = [server.sku() for _ in range(5)]
    for sku in skus:
        server.move(sku, "supplier", "unallocated", 1)
    for path, key, cursor in (
        ("/v1/skus", "sku", "after"),
        ("/v1/stock", "sku", "after"),
        ("/v1/transfers", "id", "before"),
        ("/v1/audit", "seq", "before"),
    ):
        whole = server.client.get(path, params={"limit": 1000}).json()["items"]
        seen, place = [], None
        while True:
            query = {"limit": "3", **({cursor: place} if place else {})}
            page = server.client.get(path, params=query).json()
            seen += page["items"]
            assert len(page["items"]) <= 3
            place = page["next"]
            if place is None:
                break
        assert [item[key] for item in seen] == [item[key] for item in whole], path
        assert len(whole) >= 5


def test_transfers_are_looked_for_by_what_they_say(server: RunningServer) -> None:
    channel, sku = server.channel(), server.sku()
    server.move(sku, "supplier", "unallocated", 9)
    server.move(sku, "unallocated", f"channel:{channel}", 5)
    body = transfer_body(sku, "unallocated", "unsellable", 1, reason="broken", reference="note-7")
    assert server.client.post("/v1/transfers", json=body).status_code == 201
    for query, quantities in (
        ({"account": f"channel:{channel}"}, [5]),
        ({"account": "unallocated", "sku": sku}, [1, 5, 9]),
        ({"reason": "broken", "sku": sku}, [1]),
        ({"reference": "note-7"}, [1]),
        ({"sku": sku, "actor": "nobody"}, []),
    ):
        found = server.client.get("/v1/transfers", params=query).json()
        assert [item["quantity"] for item in found["items"]] == quantities, query
        assert found["next"] is None
    problem(server.client.get("/v1/transfers?account=shelf"), 422, "invalid_request", "account")


def test_holds_are_looked_for_by_item_channel_and_state(server: RunningServer) -> None:
    channel, other = server.channel(), server.channel()
    sku = server.stocked(channel, 9)
    ids = [server.hold(channel, sku, 2).json()["id"] for _ in range(3)]
    assert server.client.post(f"/v1/holds/{ids[0]}/confirm").status_code == 200
    for query, expected in (
        ({"sku": sku}, ids[::-1]),
        ({"sku": sku, "status": "placed"}, ids[:0:-1]),
        ({"sku": sku, "status": "confirmed"}, ids[:1]),
        ({"channel": other}, []),
    ):
        found = server.client.get("/v1/holds", params=query).json()
        assert [hold["id"] for hold in found["items"]] == expected, query
    first = server.client.get("/v1/holds", params={"sku": sku, "limit": 2}).json()
    then = server.client.get("/v1/holds", params={"sku": sku, "limit": 2, "before": first["next"]}).json()
    assert [hold["id"] for hold in first["items"] + then["items"]] == ids[::-1]
    problem(server.client.get("/v1/holds?status=sold"), 422, "invalid_request", "status")


def test_what_is_not_there_is_404_and_a_wrong_method_405_naming_the_right_ones(server: RunningServer) -> None:
    for path in ("/v1/skus/nowhere", "/v1/stock/nowhere"):
        problem(server.client.get(path), 404, "not_found", "sku")
    problem(server.client.get("/v1/channels/nowhere"), 404, "not_found", "channel")
    problem(server.client.get("/v1/transfers/nowhere"), 404, "not_found", "id")
    problem(server.client.delete("/v1/keys/nowhere"), 404, "not_found", "name")
    problem(server.client.post("/v1/keys/nowhere/rotate", json={}), 404, "not_found", "name")
    for verb in ("confirm", "release"):
        problem(server.client.post(f"/v1/holds/nowhere/{verb}"), 404, "unknown_hold")
    for path in ("/nothing", "/v1", "/v1/nothing", "/v1/skus/a/b"):
        problem(server.client.get(path), 404, "not_found")
    by_path: dict[str, set[str]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, set()).add(operation.method)
    for path, methods in by_path.items():
        answer = server.client.patch(path.replace("{", "").replace("}", ""))
        problem(answer, 405, "method_not_allowed")
        allowed = set(answer.headers["allow"].split(", "))
        assert allowed - {"HEAD"} == methods, path
