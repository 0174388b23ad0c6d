"""Overlays over HTTP: who may manage them, what is written, and what their viewers are told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.overlays.viewer import OverlayViewer
from tests.api.running import RunningServer, put, unique, wait_for

TOLD = {"position", "name", "remaining", "total", "state"}


def made(server: RunningServer, *skus: str, **body: Any) -> tuple[str, str]:
    """A new overlay: its name and token."""
    name = unique("overlay")
    answer = server.client.post("/v1/overlays", json={"name": name, "skus": list(skus), **body})
    assert answer.status_code == 201, answer.text
    document = answer.json()
    assert document["path"] == f"/overlay/{document['token']}"
    return name, document["token"]


def locked(server: RunningServer, sku: str, channel: str, units: int, opens_at: datetime) -> str:
    """A drop whose units are locked."""
    server.move(sku, "supplier", "unallocated", units)
    drop = unique("secret-drop")
    body = {"sku": sku, "channels": {channel: units}, "opens_at": opens_at.isoformat()}
    put(server.client, f"/v1/drops/{drop}", body)
    return drop


def test_a_viewer_counts_down_to_the_next_drop_by_the_servers_clock(server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 20)
    at = datetime(2030, 1, 1, tzinfo=UTC)
    drop = locked(server, sku, channel, 500, at)
    _, token = made(server, sku)
    with (
        server.client_with(None) as client,
        client.stream("GET", f"/overlay/{token}/feed") as answer,
    ):
        ahead_s = int(answer.headers["x-holdfast-time"]) / 1_000 - server.holdfast.clock.now_us() / 1e6
        assert abs(ahead_s) < 5
    with OverlayViewer(server, token) as viewer:
        wait_for(lambda: bool(viewer.events))
        assert set(viewer.items[0]) == TOLD | {"next"}
        assert viewer.items[0]["next"] == {"opens_at_ms": int(at.timestamp() * 1_000), "units": 500}
        later = at.replace(hour=1)
        server.client.post(f"/v1/drops/{drop}/postpone", json={"opens_at": later.isoformat()})
        wait_for(lambda: viewer.items[0]["next"]["opens_at_ms"] == int(later.timestamp() * 1_000))
        assert server.client.post(f"/v1/drops/{drop}/open").status_code == 200
        wait_for(lambda: "next" not in viewer.items[0] and viewer.numbers() == [(520, 520, "on_sale")])
        assert drop not in viewer.text


def feed(server: RunningServer, token: str) -> httpx.Response:
    """The answer to a viewer who is not let in."""
    with server.client_with(None) as client:
        return client.get(f"/overlay/{token}/feed")


def test_a_viewer_is_told_what_it_may_know_and_nothing_else(server: RunningServer) -> None:
    channel = server.channel(name="秘密渠道")
    sku = server.stocked(channel, 20, variant="正红", cost_cents=77)
    other = server.stocked(channel, 31, name="别的商品")
    _, token = made(server, sku, theme="festive", layout="bar", place="top", language="en")
    with OverlayViewer(server, token) as viewer:
        wait_for(lambda: bool(viewer.events))
        event, picture = viewer.events[0]
        assert event == "snapshot"
        assert [picture[name] for name in ("theme", "layout", "place", "language")] == [
            "festive",
            "bar",
            "top",
            "en",
        ]
        assert set(picture["items"][0]) == TOLD
        assert picture["items"][0]["name"] == "口红 💄 正红"
        assert viewer.numbers() == [(20, 20, "on_sale")]
        hold = server.hold(channel, sku, 3, buyer="王小明").json()["id"]
        wait_for(lambda: viewer.numbers() == [(17, 20, "on_sale")])
        server.hold(channel, other, 5)
        assert server.client.post(f"/v1/holds/{hold}/confirm").status_code == 200
        server.hold(channel, sku, 17)
        wait_for(lambda: viewer.numbers() == [(0, 20, "sold_out")])
        server.move(sku, "supplier", f"channel:{channel}", 8)
        wait_for(lambda: viewer.numbers() == [(8, 28, "on_sale")])
        put(server.client, f"/v1/skus/{sku}", {"name": "新名字"})
        wait_for(lambda: viewer.items[0]["name"] == "新名字")
        assert all(set(item) == TOLD for _, document in viewer.events for item in document["items"])
        told = "".join(line for line in viewer.text.splitlines() if not line.startswith("id: "))
        for secret in (sku, other, "别的商品", channel, "秘密渠道", "王小明", "77", "31"):
            assert secret not in told, secret


def test_who_comes_back_is_told_only_if_something_is_new(server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 5)
    _, token = made(server, sku)
    with OverlayViewer(server, token) as first:
        wait_for(lambda: bool(first.events))
    with OverlayViewer(server, token, first.state_id) as second:
        server.hold(channel, sku)
        wait_for(lambda: bool(second.events))
        assert [event for event, _ in second.events] == ["stock"], (
            "it knew the picture, and was told the change"
        )
    with OverlayViewer(server, token, first.state_id) as third:
        wait_for(lambda: bool(third.events))
        assert [event for event, _ in third.events] == ["snapshot"]
        assert third.numbers() == [(4, 5, "on_sale")]


def test_rotation_ends_the_old_address_at_once_for_open_streams_too(server: RunningServer) -> None:
    sku = server.stocked(server.channel(), 5)
    name, token = made(server, sku)
    with OverlayViewer(server, token) as viewer, OverlayViewer(server, token) as other:
        answer = server.client.post(f"/v1/overlays/{name}/rotate")
        assert answer.status_code == 201
        assert viewer.over.wait(2), "the stream is open still"
        assert other.over.wait(2)
        assert viewer.events[-1] == ("ended", {})
    new = answer.json()["token"]
    assert (feed(server, token).status_code, feed(server, token).json()["code"]) == (410, "gone")
    assert server.client.get(f"/overlay/{token}").status_code == 410
    with OverlayViewer(server, new) as viewer:
        wait_for(lambda: viewer.numbers() == [(5, 5, "on_sale")])
        answer = server.client.delete(f"/v1/overlays/{name}")
        assert [item["live"] for item in answer.json()["items"]] == [False, False]
        assert viewer.over.wait(2)
    assert feed(server, new).status_code == 410
    assert server.client.post(f"/v1/overlays/{name}/rotate").status_code == 404
    assert server.client.delete(f"/v1/overlays/{name}").status_code == 404
    assert made(server, sku)[1] != new


def test_an_unknown_address_says_nothing_and_needs_no_key(server: RunningServer) -> None:
    sku = server.sku()
    name, token = made(server, sku)
    for wrong in ("x", token[:-1], token + "x", name, "hfo_é"):
        answer = feed(server, wrong)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        page = server.client.get(f"/overlay/{wrong}")
        assert page.status_code == 404
        assert page.headers["content-type"].startswith("text/html")
        for text in (answer.text, page.text):
            assert sku not in text
            assert name not in text.replace(wrong, "")


def test_what_is_shown_can_change_at_the_same_address(server: RunningServer) -> None:
    channel = server.channel()
    first, second = server.stocked(channel, 5), server.stocked(channel, 7, name="第二件")
    name, token = made(server, first)
    with OverlayViewer(server, token) as viewer:
        wait_for(lambda: viewer.numbers() == [(5, 5, "on_sale")])
        document = put(server.client, f"/v1/overlays/{name}", {"skus": [second, first], "theme": "paper"})
        assert (document["skus"], document["theme"], document["live"]) == ([second, first], "paper", True)
        wait_for(lambda: viewer.numbers() == [(7, 7, "on_sale"), (5, 5, "on_sale")])
        assert viewer.events[-1][1]["theme"] == "paper"
        server.hold(channel, second, 2)
        wait_for(lambda: viewer.numbers()[0] == (5, 7, "on_sale"))
    assert server.client.put("/v1/overlays/nobody", json={"skus": [first]}).status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"skus": ["nothing-of-this-name"]}, 404, "unknown_sku"),
        ({"skus": []}, 422, "invalid_request"),
        ({"skus": [f"S{number}" for number in range(11)]}, 422, "invalid_request"),
        ({"theme": "neon"}, 422, "invalid_request"),
        ({"name": "a b"}, 422, "invalid_request"),
        ({"token": "mine"}, 422, "invalid_request"),
    ],
)
def test_a_wrong_body_is_refused(
    server: RunningServer, change: dict[str, object], status: int, code: str
) -> None:
    body = {"name": unique("overlay"), "skus": [server.sku()], **change}
    answer = server.client.post("/v1/overlays", json=body)
    assert answer.json()["code"] == code
    assert answer.status_code == (409 if code == "unknown_sku" else status)


def test_a_bundle_has_no_stock_of_its_own_to_show(server: RunningServer) -> None:
    bundle = server.sku(components=[{"sku": server.sku(), "quantity": 1}])
    answer = server.client.post("/v1/overlays", json={"name": unique("o"), "skus": [bundle]})
    assert (answer.json()["code"], answer.json()["field"]) == ("sku_is_bundle", "skus")


def test_addresses_are_shown_once_and_only_hashes_are_on_file(server: RunningServer) -> None:
    name, token = made(server, server.sku())
    again = server.client.post(f"/v1/overlays/{name}/rotate").json()["token"]
    listed = server.client.get("/v1/overlays").text
    for secret in (token, again):
        assert secret not in listed
        for file in Path(server.path).parent.glob("holdfast.db*"):
            assert secret.encode() not in file.read_bytes()
        assert secret not in server.client.get("/v1/audit", params={"target": name}).text


def test_every_write_is_on_the_trail(server: RunningServer) -> None:
    sku = server.sku()
    name, _ = made(server, sku)
    put(server.client, f"/v1/overlays/{name}", {"skus": [sku], "theme": "clear"})
    server.client.post(f"/v1/overlays/{name}/rotate")
    server.client.delete(f"/v1/overlays/{name}")
    entries = server.client.get("/v1/audit", params={"target": name}).json()["items"]
    assert [entry["action"] for entry in entries] == [
        "overlay.revoke",
        "overlay.rotate",
        "overlay.change",
        "overlay.create",
    ]
    assert {(entry["actor"], entry["result"]) for entry in entries} == {("key:first", "saved")}
    assert entries[3]["detail"] == {
        "skus": sku,
        "theme": "night",
        "layout": "card",
        "place": "bottom-left",
        "language": "zh",
    }
    put_again = server.client.post("/v1/overlays", json={"name": name, "skus": [sku]})
    assert put_again.status_code == 201, "the name is free again"
    taken = server.client.post("/v1/overlays", json={"name": name, "skus": [sku]})
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")


def test_no_more_viewers_than_may(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "holdfast.db", overlay_viewers_max=2) as server:
        _, token = made(server, server.sku())
        with OverlayViewer(server, token), OverlayViewer(server, token):
            answer = feed(server, token)
            assert (answer.status_code, answer.json()["code"]) == (503, "too_many_viewers")
            assert "retry-after" in answer.headers
        wait_for(lambda: server.holdfast.overlay_hub.viewers == 0)
        with OverlayViewer(server, token):
            assert "holdfast_overlay_viewers 1.0" in server.client.get("/metrics").text


def test_viewers_come_back_after_a_restart_with_the_same_address(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "holdfast.db") as server:
        channel = server.channel()
        sku = server.stocked(channel, 5)
        _, token = made(server, sku)
        with OverlayViewer(server, token) as viewer:
            wait_for(lambda: bool(viewer.events))
            server.on_loop(server.holdfast.feed.close)
            assert viewer.over.wait(2)
            assert viewer.events[-1][0] != "ended", "a server that stops does not end the address"
    with RunningServer(tmp_path / "holdfast.db") as server:
        server.hold(channel, sku)
        with OverlayViewer(server, token, viewer.state_id) as viewer:
            wait_for(lambda: viewer.numbers() == [(4, 5, "on_sale")])
