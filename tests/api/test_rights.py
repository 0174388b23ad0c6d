"""Who may do what: keys, roles, rotation without downtime, and the trail that every write leaves."""

import threading
from collections.abc import Iterator

import httpx
import pytest

from holdfast.api.asgi import OPERATIONS
from holdfast.live.keys import Role
from tests.api.running import KEY, RunningServer, hold_body, put, transfer_body, unique, wait_for

ROLES = [role.label for role in Role]


@pytest.fixture(scope="module")
def clients(server: RunningServer) -> Iterator[dict[str, httpx.Client]]:
    """A client for each role."""
    made = {}
    for role in ROLES:
        answer = server.client.post("/v1/keys", json={"name": unique(role), "role": role})
        assert answer.status_code == 201, answer.text
        assert answer.json()["role"] == role
        made[role] = server.client_with(answer.json()["key"])
    yield made
    for client in made.values():
        client.close()


def test_each_call_is_open_to_its_role_and_above_only(
    server: RunningServer, clients: dict[str, httpx.Client]
) -> None:
    for operation in OPERATIONS:
        if operation.role is None or operation.path == "/v1/feed":
            continue
        path = operation.path.replace("{", "").replace("}", "")
        for client, allowed in [(clients[role.label], role >= operation.role) for role in Role]:
            answer = client.request(operation.method, path, content=b"?" if operation.takes else None)
            if allowed:
                assert answer.status_code not in (401, 403), (path, answer.text)
            else:
                assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", "Basic " + KEY, KEY, f"Bearer {KEY}x", "Bearer é"]
)
def test_without_a_valid_key_every_call_is_401(server: RunningServer, header: str | None) -> None:
    raw = [] if header is None else [(b"authorization", header.encode("latin-1"))]
    with server.client_with(None) as client:
        for operation in OPERATIONS:
            if operation.role is not None:
                path = operation.path.replace("{", "").replace("}", "")
                answer = client.request(operation.method, path, headers=raw)
                assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized"), path
                assert answer.headers["www-authenticate"].startswith("Bearer")
        for path in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"):
            assert client.get(path).status_code == 200


def test_keys_are_made_rotated_and_revoked_while_requests_go_on(server: RunningServer) -> None:
    name = unique("till")
    body = {"name": name, "role": "integration"}
    first = server.client.post("/v1/keys", json=body).json()["key"]
    assert server.client.post("/v1/keys", json=body).json()["code"] == "name_taken"
    channel = server.channel()
    sku = server.stocked(channel, 10_000)
    current, statuses, stop = [first], [], threading.Event()

    def sell() -> None:
        with server.client_with(None) as client:
            while not stop.is_set():
                headers = {"authorization": f"Bearer {current[0]}"}
                statuses.append(
                    client.post("/v1/holds", json=hold_body(channel, sku), headers=headers).status_code
                )

    sellers = [threading.Thread(target=sell) for _ in range(3)]
    for seller in sellers:
        seller.start()
    for number in range(10):
        wait_for(lambda needed=3 * number: len(statuses) >= needed)  # type: ignore[misc]
        answer = server.client.post(f"/v1/keys/{name}/rotate", json={"grace_s": 60})
        assert answer.status_code == 201
        assert answer.json()["role"] == "integration"
        current[0] = answer.json()["key"]
    stop.set()
    for seller in sellers:
        seller.join()
    assert set(statuses) == {201}
    assert len(statuses) > 10

    with server.client_with(first) as old, server.client_with(current[0]) as new:
        assert old.get("/v1/stock").status_code == 200, "the grace is not over"
        answer = server.client.post(f"/v1/keys/{name}/rotate", json={"grace_s": 0})
        assert new.get("/v1/stock").status_code == 401, "without grace the old key ends at once"
        with server.client_with(answer.json()["key"]) as last:
            assert last.get("/v1/stock").status_code == 200
            revoked = server.client.delete(f"/v1/keys/{name}")
            assert revoked.status_code == 200
            assert not any(item["live"] for item in revoked.json()["items"])
            assert last.get("/v1/stock").status_code == 401
        assert old.get("/v1/stock").status_code == 401, "a revoked name has no key left, graced ones neither"
    assert server.client.post(f"/v1/keys/{name}/rotate", json={}).status_code == 404
    listed = server.client.get("/v1/keys")
    assert first not in listed.text
    assert current[0] not in listed.text
    assert any(item["name"] == "first" and item["live"] for item in listed.json()["items"])


def test_every_write_leaves_one_entry_in_the_trail(server: RunningServer) -> None:
    client = server.client
    channel = server.channel()
    sku = server.stocked(channel, 5)
    key = unique("key")
    ids = [unique("h") for _ in range(4)]
    answers: list[tuple[httpx.Response, str, str, str]] = []

    def write(method: str, path: str, body: object, action: str, target: str, result: str) -> None:
        answers.append((client.request(method, path, json=body), action, target, result))

    name = unique("N")
    write("PUT", f"/v1/skus/{name}", {"name": "a"}, "sku.put", name, "saved")
    write("PUT", f"/v1/channels/{name}", {"platform": "shop", "name": "a"}, "channel.put", name, "saved")
    move = transfer_body(sku, "supplier", "unallocated", 1)
    write("POST", "/v1/transfers", move, "transfer.post", move["id"], "posted")
    wrong = transfer_body(sku, "reserve", "unallocated", 1)
    write("POST", "/v1/transfers", wrong, "transfer.post", wrong["id"], "insufficient_available")
    write("POST", "/v1/holds", hold_body(channel, sku, id=ids[0]), "hold.place", ids[0], "placed")
    write(
        "POST",
        "/v1/holds",
        hold_body(channel, sku, 9, id=ids[1]),
        "hold.place",
        ids[1],
        "insufficient_available",
    )
    batch = {"holds": [hold_body(channel, sku, id=ids[2])]}
    write("POST", "/v1/holds/batch", batch, "hold.place", ids[2], "placed")
    write("POST", f"/v1/holds/{ids[0]}/confirm", None, "hold.confirm", ids[0], "confirmed")
    write("POST", f"/v1/holds/{ids[2]}/release", None, "hold.release", ids[2], "released")
    write("POST", "/v1/keys", {"name": key, "role": "viewer"}, "key.create", key, "saved")
    write("POST", f"/v1/keys/{key}/rotate", {"grace_s": 5}, "key.rotate", key, "saved")
    write("DELETE", f"/v1/keys/{key}", None, "key.revoke", key, "saved")

    for answer, action, target, result in answers:
        assert answer.status_code in (200, 201, 409), answer.text
        found = client.get("/v1/audit", params={"target": target}).json()["items"]
        entry = next(entry for entry in found if entry["action"] == action)
        assert entry["result"] == result
        assert entry["actor"] == "key:first"
        assert entry["request_id"] == answer.headers["x-request-id"]
    newest = client.get("/v1/audit", params={"limit": 1}).json()["items"][0]["seq"]
    put(client, f"/v1/skus/{name}", {"name": "a"})
    assert client.post("/v1/transfers", json=move).status_code == 200
    assert client.get("/v1/audit", params={"limit": 1}).json()["items"][0]["seq"] == newest, (
        "nothing was written"
    )
