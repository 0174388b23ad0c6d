"""Drops through the API: locked, opened by the server's own clock, closed; errors say what is there."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.running import RunningServer, put, unique, wait_for


def body(sku: str, channel: str, units: int, in_s: float, **more: Any) -> dict[str, Any]:
    at = datetime.now(UTC) + timedelta(seconds=in_s)
    return {"sku": sku, "channels": {channel: units}, "opens_at": at.isoformat(), **more}


def item(server: RunningServer) -> tuple[str, str, str]:
    channel, sku = server.channel(), server.sku()
    server.move(sku, "supplier", "unallocated", 50)
    return channel, sku, f"/v1/drops/{unique('d')}"


def test_it_opens_by_itself_within_50_ms(server: RunningServer) -> None:
    channel, sku, path = item(server)
    locked = put(server.client, path, body(sku, channel, 20, 0.4))
    assert (locked["status"], locked["quantity"]) == ("locked", 20)
    early = server.hold(channel, sku).json()
    assert early["code"] == "insufficient_available", "30 more are unallocated"
    wait_for(lambda: server.client.get(path).json()["status"] == "open")
    shown = server.client.get(path).json()
    late = datetime.fromisoformat(shown["opened_at"]) - datetime.fromisoformat(shown["opens_at"])
    assert timedelta(0) <= late < timedelta(milliseconds=50)
    assert server.hold(channel, sku, 20).status_code == 201
    assert server.client.get(path).json()["sold"] == 20
    closed = server.client.post(path + "/close").json()
    numbers = [closed[name] for name in ("status", "opened", "sold", "returned")]
    assert numbers == ["closed", 20, 20, 0]
    listed = server.client.get(f"/v1/drops?sku={sku}&status=closed").json()["items"]
    assert [each["id"] for each in listed] == [path.rpartition("/")[2]]


def test_what_is_sold_by_drops_alone_says_when_it_opens(server: RunningServer) -> None:
    channel, sku, path = item(server)
    locked = put(server.client, path, body(sku, channel, 50, 900))
    early = server.hold(channel, sku).json()
    expected = {"sku": sku, "locked": 50, "opens_at": locked["opens_at"]}
    assert (early["code"], early["facts"]) == ("sale_not_open", expected)
    hold = {"id": unique("h"), "channel": channel, "buyer": "b", "lines": [{"sku": sku, "quantity": 1}]}
    for _ in range(2):
        (each,) = server.client.post("/v1/holds/batch", json={"holds": [hold]}).json()["results"]
        assert (each["code"], each["facts"]) == ("sale_not_open", expected)
    server.client.post(path + "/open").raise_for_status()
    assert server.hold(channel, sku).status_code == 201


def test_what_cannot_be_is_told(server: RunningServer) -> None:
    channel, sku, path = item(server)

    def code(change: dict[str, Any]) -> tuple[str, str]:
        told = server.client.put(path, json=body(sku, channel, 60, 900) | change).json()
        return told["code"], told["detail"]

    assert code({"sku": "nobody"})[0] == "unknown_sku"
    assert code({"channels": {"nobody": 1}})[0] == "unknown_channel"
    assert code({"leftover": "carry"})[0] == "invalid_request"
    assert code({"closes_at": "2020-01-01T00:00:00Z"})[0] == "invalid_request"
    assert code({}) == ("insufficient_available", "only 50 units are unallocated, the drop locks 60")
    assert server.client.post(path + "/open").json()["code"] == "drop_status"
    assert server.client.post("/v1/drops/nobody/open").json()["code"] == "not_found"
    put(server.client, path, body(sku, channel, 40, 900))
    later = {"opens_at": "2099-01-01T00:00:00Z"}
    assert server.client.post(path + "/postpone", json=later).json()["opens_at"] == later["opens_at"]
    assert server.client.post(path + "/cancel").json()["returned"] == 40


def test_nobody_moves_what_a_drop_set_aside_until_it_is_over(server: RunningServer) -> None:
    channel, sku, path = item(server)
    put(server.client, path, body(sku, channel, 20, 900))
    account = "drop:" + path.rpartition("/")[2]

    def moved(source: str, target: str) -> Any:
        ends = {"from": source, "to": target, "quantity": 1, "reason": "test"}
        return server.client.post("/v1/transfers", json={"id": unique("t"), "sku": sku, **ends}).json()

    for told in (moved(account, "unallocated"), moved("unallocated", account)):
        assert (told["code"], told["facts"]["status"]) == ("drop_has_units", "locked")
    server.client.post(path + "/open").raise_for_status()
    told = moved("unallocated", f"channel:{channel}")
    assert (told["code"], told["facts"]["status"]) == ("drop_has_units", "open")
    server.client.post(path + "/close").raise_for_status()
    assert moved("unallocated", f"channel:{channel}")["quantity"] == 1
    assert moved("unallocated", account)["quantity"] == 1
    assert moved(account, "unallocated")["quantity"] == 1, "strays can be taken out afterwards"
