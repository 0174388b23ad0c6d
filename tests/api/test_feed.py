"""The feed: a snapshot and all that follows it make the same state as a fresh snapshot."""

import json
import socket
import time
from pathlib import Path
from typing import Any

from tests.api.running import RunningServer, hold_body, put, transfer_body, unique, wait_for
from tests.api.watching import Stock, Watcher


def fresh(server: RunningServer, **query: str) -> Stock:
    """The state that a new watcher is told."""
    with Watcher(server, None, **query) as watcher:
        wait_for(lambda: bool(watcher.events))
        assert watcher.events[0][1] == "snapshot"
        return watcher.stock


def check_same(server: RunningServer, watcher: Watcher, **query: str) -> None:
    """Assert the rule, and that the stock calls say the same."""
    expected = fresh(server, **query)
    wait_for(lambda: watcher.stock == expected)
    for sku, document in expected.items():
        assert server.client.get(f"/v1/stock/{sku}").json() == document


def test_snapshot_and_feed_make_a_fresh_snapshot_after_every_command(server: RunningServer) -> None:
    client = server.client
    with Watcher(server) as watcher:
        channel = server.channel()
        sku, part = server.sku(), server.sku()
        check_same(server, watcher)
        for source, target in (
            ("supplier", "unallocated"),
            ("unallocated", f"channel:{channel}"),
            ("unallocated", "unsellable"),
        ):
            server.move(sku, source, target, 3 if source == "unallocated" else 20)
            check_same(server, watcher)
        server.move(part, "supplier", f"channel:{channel}", 10)
        bundle = server.sku(components=[{"sku": part, "quantity": 2}, {"sku": sku, "quantity": 1}])
        check_same(server, watcher)

        ids = [unique("h") for _ in range(3)]
        for id, item in zip(ids, (sku, bundle, bundle), strict=True):
            assert server.hold(channel, item, id=id).status_code == 201
            check_same(server, watcher)
        assert client.post(f"/v1/holds/{ids[0]}/release").status_code == 200
        check_same(server, watcher)
        assert client.post(f"/v1/holds/{ids[1]}/confirm").status_code == 200
        check_same(server, watcher)
        assert server.hold(channel, sku, ttl_s=1).status_code == 201
        check_same(server, watcher)
        held = watcher.stock[sku]["held"]
        wait_for(lambda: watcher.stock[sku]["held"] == held - 1)
        check_same(server, watcher)
        assert server.hold(channel, sku, 999).status_code == 409
        put(client, f"/v1/skus/{sku}", {"name": "new name"})
        put(client, f"/v1/channels/{channel}", {"platform": "shop", "name": "new", "frozen": True})
        check_same(server, watcher)
        numbers = [number for number, _, _ in watcher.events]
        assert numbers == sorted(numbers)


def test_a_refusal_leaves_no_empty_account_in_the_feed(server: RunningServer) -> None:
    # In one batch with a change of the same item, a refused command has looked at accounts that are none.
    channel, other = server.channel(), server.channel()
    sku = server.stocked(channel)
    with Watcher(server, sku=sku) as watcher:
        wait_for(lambda: bool(watcher.events))
        holds = [hold_body(other, sku), hold_body(channel, sku)]
        results = server.client.post("/v1/holds/batch", json={"holds": holds}).json()["results"]
        assert [item.get("code") for item in results] == ["insufficient_available", None]
        wait_for(lambda: watcher.stock[sku]["held"] == 1)
        check_same(server, watcher, sku=sku)


def test_a_watcher_goes_on_where_it_left_off_even_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "holdfast.db"
    with RunningServer(path) as server:
        channel = server.channel()
        skus = [server.stocked(channel) for _ in range(3)]
        with Watcher(server) as watcher:
            wait_for(lambda: len(watcher.stock) == 3)
        server.hold(channel, skus[0])
        server.hold(channel, skus[1])
        with Watcher(server, watcher.cursor) as again:
            wait_for(lambda: len(again.events) == 2)
            assert {document["sku"] for _, _, document in again.events} == set(skus[:2])
            assert {name for _, name, _ in again.events} == {"stock"}
        expected = fresh(server)
        assert watcher.stock | again.stock == expected
    with RunningServer(path) as server:
        server.hold(channel, skus[2])
        with Watcher(server, again.cursor) as later:
            wait_for(lambda: len(later.events) == 1)
        with Watcher(server, last_event_id=str(watcher.cursor)) as by_query:
            wait_for(lambda: len(by_query.events) == 3)
        assert watcher.stock | again.stock | later.stock == fresh(server)
        # A place that this ledger has not reached comes from another one: nothing can be said but all.
        with Watcher(server, 10**6) as stranger:
            wait_for(lambda: bool(stranger.events))
        assert stranger.events[0][1] == "snapshot"
        assert stranger.stock == fresh(server)


def test_filters_let_through_what_was_asked_for_only(server: RunningServer) -> None:
    one, two = server.channel(), server.channel()
    in_one, in_two = server.stocked(one), server.stocked(two)
    with Watcher(server, channel=one) as by_channel, Watcher(server, sku=in_two) as by_sku:
        wait_for(lambda: bool(by_channel.events and by_sku.events))
        server.hold(one, in_one)
        server.hold(two, in_two)
        new = server.stocked(one)
        check_same(server, by_channel, channel=one)
        check_same(server, by_sku, sku=in_two)
        assert by_channel.stock.keys() == {in_one, new}
        assert by_sku.stock.keys() == {in_two}
    assert fresh(server, sku="nothing") == {}


def test_a_watcher_that_hangs_up_is_forgotten(server: RunningServer) -> None:
    # Watchers of the tests before hung up too, and the server hears of that a moment later.
    wait_for(lambda: server.holdfast.feed.watchers == 0, 3)
    channel = server.channel()
    sku = server.stocked(channel, 100)
    with Watcher(server) as watcher:
        wait_for(lambda: bool(watcher.events))
        assert server.holdfast.feed.watchers == 1
    wait_for(lambda: server.holdfast.feed.watchers == 0, 3)
    server.hold(channel, sku)


def test_a_slow_watcher_is_sent_the_newest_value_only(server: RunningServer) -> None:
    client: Any = server.client
    sku = server.sku(name="x")
    for number in range(40):
        server.move(sku, "supplier", f"drop:{'很长的名字' * 8}-{number}", 1)
    host, port = server.url.removeprefix("http://").split(":")
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect((host, int(port)))
        key = client.headers["authorization"]
        slow.sendall(f"GET /v1/feed?sku={sku} HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\n\r\n".encode())
        assert slow.recv(10)
        moves = 1500
        started = time.monotonic()
        for _ in range(moves):
            client.post("/v1/transfers", json=transfer_body(sku, "supplier", "unallocated", 1))
        assert time.monotonic() - started < 60
        received = bytearray()
        slow.settimeout(5)
        last = f'"version":{client.get(f"/v1/stock/{sku}").json()["version"]}}}'.encode()
        while last not in received[-200_000:]:
            received += slow.recv(1 << 20)
    assert received.count(b"event: stock") < moves, "a slow watcher skips what is old"


def test_a_pulse_tells_the_time_and_how_old_the_changes_were(server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 50)
    found: list[dict[str, Any]] = []
    with server.client.stream("GET", "/v1/feed", params={"sku": sku, "pulse": "true"}) as answer:
        event = ""
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "id":
                event = ""
            elif name == "data" and event == "pulse":
                found.append(json.loads(value))
                if len(found) == 1:
                    time.sleep(0.15)
                    server.hold(channel, sku)
                elif found[-1]["lag_ms"] is not None:
                    break
    assert found[0]["lag_ms"] is None
    assert abs(found[0]["at_ms"] / 1000 - time.time()) < 10
    assert 0 < found[-1]["lag_ms"] < 5_000


def test_nobody_is_told_a_pulse_who_did_not_ask(server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 50)
    with Watcher(server, None, sku=sku) as watcher:
        server.hold(channel, sku)
        wait_for(lambda: len(watcher.events) > 1)
    assert {name for _, name, _ in watcher.events} == {"snapshot", "stock"}
    assert server.client.get("/v1/feed", params={"pulse": "maybe"}).json()["field"] == "pulse"
