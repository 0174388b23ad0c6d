"""Bodies that are wrong, hostile or merely odd: 422 naming the field, or stored exactly; never a 5xx."""

import socket
import time
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.api.running import KEY, RunningServer, hold_body, put, transfer_body, unique

JSON = {"content-type": "application/json"}


def send(server: RunningServer, body: bytes, path: str = "/v1/holds") -> httpx.Response:
    return server.client.post(path, content=body, headers=JSON)


def check_422(answer: httpx.Response, field: str) -> None:
    assert answer.status_code == 422, answer.text
    document = answer.json()
    assert document["code"] == "invalid_request"
    assert document["field"] == field, document
    assert document["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 129}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "a/b"}, "id"),
        ({"id": ".."}, "id"),
        ({"id": "a\n"}, "id"),
        ({"id": 5}, "id"),
        ({"channel": "x" * 33}, "channel"),
        ({"channel": "店"}, "channel"),
        ({"channel": "shop\n"}, "channel"),
        ({"buyer": ""}, "buyer"),
        ({"buyer": "a\u0000b"}, "buyer"),
        ({"buyer": "a\n"}, "buyer"),
        ({"buyer": None}, "buyer"),
        ({"buyer_key": "x" * 129}, "buyer_key"),
        ({"ttl_s": 0}, "ttl_s"),
        ({"ttl_s": 604_801}, "ttl_s"),
        ({"ttl_s": 1.5}, "ttl_s"),
        ({"ttl_s": "60"}, "ttl_s"),
        ({"event_at": "yesterday"}, "event_at"),
        ({"event_at": "2026-01-01T00:00:00"}, "event_at"),
        ({"event_at": 0}, "event_at"),
        ({"event_at": "0001-01-01T00:00:00+23:00"}, "event_at"),
        ({"event_at": "9999-12-31T23:59:59-23:00"}, "event_at"),
        ({"lines": []}, "lines"),
        ({"lines": {}}, "lines"),
        ({"lines": [{"sku": "a", "quantity": 1}] * 101}, "lines"),
        ({"lines": [{"sku": "a", "quantity": 0}]}, "lines[0].quantity"),
        ({"lines": [{"sku": "a", "quantity": -1}]}, "lines[0].quantity"),
        ({"lines": [{"sku": "a", "quantity": True}]}, "lines[0].quantity"),
        ({"lines": [{"sku": "a", "quantity": 10**12 + 1}]}, "lines[0].quantity"),
        ({"lines": [{"sku": "a", "quantity": 10**400}]}, "lines[0].quantity"),
        ({"lines": [{"sku": "a\n", "quantity": 1}]}, "lines[0].sku"),
        ({"lines": [{"quantity": 1}]}, "lines[0].sku"),
        ({"lines": [{"sku": "a"}]}, "lines[0].quantity"),
        ({"lines": [{"sku": "a", "quantity": 1, "price": 1}]}, "lines[0].price"),
        ({"surplus": 1}, "surplus"),
    ],
)
def test_a_wrong_field_is_named(server: RunningServer, change: dict[str, Any], field: str) -> None:
    answer = server.client.post("/v1/holds", json={**hold_body("shop", "a"), **change})
    check_422(answer, field)


@pytest.mark.parametrize("field", ["id", "channel", "buyer", "lines"])
def test_a_missing_field_is_named(server: RunningServer, field: str) -> None:
    body = hold_body("shop", "a")
    del body[field]
    check_422(server.client.post("/v1/holds", json=body), field)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/transfers", {**transfer_body("a", "supplier", "shelf", 1)}, "to"),
        ("/v1/transfers", {**transfer_body("a", "channel", "unallocated", 1)}, "from"),
        ("/v1/transfers", {**transfer_body("a", "supplier:x", "unallocated", 1)}, "from"),
        ("/v1/transfers", {**transfer_body("a", "supplier", "unallocated", 0)}, "quantity"),
        ("/v1/transfers", {**transfer_body("a", "supplier", "unallocated", 1), "reason": ""}, "reason"),
        ("/v1/holds/batch", {"holds": []}, "holds"),
        ("/v1/holds/batch", {"holds": [hold_body("a", "b")] * 1001}, "holds"),
        ("/v1/holds/batch", {"holds": [{**hold_body("a", "b"), "ttl_s": 0}]}, "holds[0].ttl_s"),
        ("/v1/keys", {"name": "a", "role": "root"}, "role"),
        ("/v1/keys", {"name": "a b", "role": "viewer"}, "name"),
        ("/v1/keys", {"name": "a", "role": "viewer", "lifetime_s": 0}, "lifetime_s"),
        ("/v1/keys/first/rotate", {"grace_s": -1}, "grace_s"),
    ],
)
def test_a_wrong_field_of_other_calls_is_named(
    server: RunningServer, path: str, body: dict[str, Any], field: str
) -> None:
    check_422(server.client.post(path, json=body), field)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/skus/a", {}, "name"),
        ("/v1/skus/a", {"name": "a\n"}, "name"),
        ("/v1/skus/a", {"name": "a", "price_cents": -1}, "price_cents"),
        ("/v1/skus/a", {"name": "a", "sale_opens_at": "0001-01-01T00:00:00+23:00"}, "sale_opens_at"),
        ("/v1/skus/a", {"name": "a", "limits": {}}, "limits.period"),
        ("/v1/skus/a", {"name": "a", "limits": {"period": ""}}, "limits.period"),
        ("/v1/skus/a", {"name": "a", "components": [{"sku": "b"}]}, "components[0].quantity"),
        ("/v1/skus/a", {"name": "a", "image_url": "javascript:alert(1)"}, "image_url"),
        ("/v1/skus/a", {"name": "a", "image_url": "data:text/html,<b>"}, "image_url"),
        ("/v1/skus/a", {"name": "a", "image_url": "https:///a.jpg"}, "image_url"),
        ("/v1/skus/a", {"name": "a", "image_url": "https://img.example/a b.jpg"}, "image_url"),
        ("/v1/skus/a", {"name": "a", "image_url": "https://img.example/" + "a" * 2_029}, "image_url"),
        ("/v1/skus/" + "a" * 65, {"name": "a"}, "sku"),
        ("/v1/skus/a%00b", {"name": "a"}, "sku"),
        ("/v1/skus/a%0A", {"name": "a"}, "sku"),
        ("/v1/channels/a b", {"platform": "shop", "name": "a"}, "channel"),
        ("/v1/channels/a", {"platform": "", "name": "a"}, "platform"),
        ("/v1/channels/a", {"name": "a"}, "platform"),
    ],
)
def test_a_wrong_field_of_a_description_is_named(
    server: RunningServer, path: str, body: dict[str, Any], field: str
) -> None:
    check_422(server.client.put(path, json=body), field)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/skus?limit=0", "limit"),
        ("/v1/skus?limit=1001", "limit"),
        ("/v1/skus?limit=many", "limit"),
        ("/v1/skus?limit=", "limit"),
        ("/v1/skus?page=2", "page"),
        ("/v1/transfers?before=-1", "before"),
        ("/v1/transfers?before=99999999999999999999", "before"),
        ("/v1/audit?target=%ff", "query"),
        ("/v1/feed?sku=", "sku"),
        ("/v1/feed?channel=a%20b", "channel"),
        ("/v1/feed?last_event_id=x", "Last-Event-ID"),
        ("/v1/feed?last_event_id=" + "9" * 19, "Last-Event-ID"),
    ],
)
def test_a_wrong_query_is_named(server: RunningServer, path: str, field: str) -> None:
    check_422(server.client.get(path), field)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"1e999",
        b"{} {}",
        b"\xff\xfe",
        b'{"id": "\xc3\x28"}',
        b'{"id": NaN}',
        b"[" * 500_000,
        b'{"a":' * 150_000,
        b'{"lines":' + b"[" * 500_000,
        b'{"id":"a","channel":"c","buyer":"b","lines":[{"sku":"a","quantity":1e999}]}',
        b'{"id":"a","channel":"c","buyer":"b","lines":[{"sku":"a","quantity":' + b"9" * 900_000 + b"}]}",
        b'{"id":"a","channel":"c","buyer":"\\ud83d","lines":[{"sku":"a","quantity":1}]}',
        b'{"id":"a","channel":"c","buyer":"b\\ud800","lines":[{"sku":"a","quantity":1}]}',
        b'{"id":"a","channel":"c","buyer":"\xed\xa0\x80","lines":[{"sku":"a","quantity":1}]}',
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_no_hold_is_422(server: RunningServer, body: bytes) -> None:
    answer = send(server, body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"]
    assert server.client.get("/readyz").status_code == 200


def test_a_body_may_have_one_mebibyte_and_no_more(server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel)
    raw = httpx.Request("POST", server.url, json=hold_body(channel, sku)).content
    exact = raw + b" " * (1024 * 1024 - len(raw))
    assert send(server, exact).status_code == 201
    answer = send(server, exact + b" ")
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    # The connection is of use afterwards, whether or not the rest of the body was read.
    assert send(server, raw).status_code == 200


def test_a_body_without_a_length_is_refused_when_it_grows_too_large(server: RunningServer) -> None:
    def chunks() -> Any:
        for _ in range(40):
            yield b" " * 65_536

    try:
        answer = server.client.post("/v1/holds", content=chunks(), headers=JSON)
    except httpx.WriteError:
        return  # refused before all of it was sent
    assert answer.status_code == 413


def test_a_body_cut_short_is_not_done(server: RunningServer) -> None:
    channel = server.channel()
    raw = httpx.Request("POST", server.url, json=hold_body(channel, server.stocked(channel))).content
    host, port = server.url.removeprefix("http://").split(":")
    head = f"POST /v1/holds HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"{head}Content-Length: {len(raw) + 5}\r\n\r\n".encode() + raw)
    time.sleep(0.2)
    stock = server.client.get("/v1/stock", params={"limit": 1000}).json()["items"]
    assert sum(item["held"] for item in stock if f"channel:{channel}" in str(item)) == 0


@pytest.mark.parametrize(
    "text", ["口红", "💄👩‍👩‍👧‍👦", "e\u0301", "\u202eabc", "a\u2028b", '"\\<>&', "﷽", "a" * 200]
)
def test_odd_text_is_stored_exactly(server: RunningServer, text: str) -> None:
    channel = server.channel(name=text)
    assert server.client.get(f"/v1/channels/{channel}").json()["name"] == text
    sku = text[:40] + unique("-")
    body = {"name": text, "variant": text}
    stored = put(server.client, f"/v1/skus/{quote(sku, safe='')}", body)
    assert (stored["sku"], stored["name"], stored["variant"]) == (sku, text, text)
    assert server.client.get(f"/v1/skus/{quote(sku, safe='')}").json() == stored
    server.move(sku, "supplier", f"channel:{channel}", 1)
    hold = server.hold(channel, sku, buyer=text[:128], buyer_key=text[:128])
    assert hold.json()["buyer"] == text[:128]
    assert hold.json()["lines"] == [{"sku": sku, "quantity": 1}]
    found = server.client.get(f"/v1/stock/{quote(sku, safe='')}").json()
    assert (found["sku"], found["held"]) == (sku, 1)
    page = server.client.get("/v1/transfers", params={"sku": sku}).json()["items"]
    assert page[0]["sku"] == sku


def test_the_largest_numbers_are_refused_or_stored_exactly(server: RunningServer) -> None:
    channel = server.channel()
    part = server.stocked(channel, 10**12)
    bundle = server.sku(components=[{"sku": part, "quantity": 10**12}], price_cents=10**12)
    assert server.client.get(f"/v1/skus/{bundle}").json()["price_cents"] == 10**12
    assert server.client.get(f"/v1/stock/{part}").json()["available"] == 10**12
    body = hold_body(channel, bundle, 10**12)
    for _ in range(2):
        answer = server.client.post("/v1/holds", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_available"), answer.text
    answer = server.client.post("/v1/holds/batch", json={"holds": [{**body, "id": unique("h")}]})
    assert answer.json()["results"][0]["code"] == "insufficient_available"
    assert server.hold(channel, part, 10**12).status_code == 201
