"""The reserve over HTTP: proposed when the item is sold out, approved by a person, opened by hand."""

from typing import Any

from tests.api.running import RunningServer, unique, wait_for

from .test_shows import plan, step, stock_of


def sell_out(server: RunningServer, sku: str, channel: str, units: int) -> None:
    server.move(sku, "unallocated", f"channel:{channel}", units)
    hold = unique("h")
    lines = [{"sku": sku, "quantity": units}]
    server.client.post(
        "/v1/holds", json={"id": hold, "channel": channel, "buyer": "b", "lines": lines}
    ).raise_for_status()
    server.client.post(f"/v1/holds/{hold}/confirm").raise_for_status()


def proposals(server: RunningServer, show: str) -> list[dict[str, Any]]:
    found = server.client.get("/v1/proposals").json()["items"]
    return [each for each in found if each["show"] == show]


def test_a_proposal_is_made_and_approved_once(server: RunningServer) -> None:
    sku, channel = stock_of(server), server.channel()
    item = {"sku": sku, "planned": 100, "strategy": "reserve", "reserve_percent": 20}
    show = plan(server, item, channels=[channel])
    assert step(server, show, "open-reserve", sku=sku, units=1).json()["code"] == "show_is_planned"
    step(server, show, "start").raise_for_status()
    by_hand = step(server, show, "open-reserve", id="hand", sku=sku, units=5).json()
    assert (by_hand["items"][0]["opened"], by_hand["items"][0]["opening"]) == (5, "approval")
    assert step(server, show, "open-reserve", id="hand", sku=sku, units=5).headers["idempotency-replayed"]
    too_much = step(server, show, "open-reserve", sku=sku, units=16).json()
    assert (too_much["code"], too_much["facts"]) == ("reserve_empty", {"left": 15})
    assert step(server, show, "open-reserve", sku="none", units=1).json()["code"] == "not_in_rundown"

    # The five that were opened went straight to the channel: nothing deals them out here.
    server.move(sku, f"channel:{channel}", "unallocated", 5)
    sell_out(server, sku, channel, 85)
    wait_for(lambda: bool(proposals(server, show)), 15)
    (proposed,) = proposals(server, show)
    assert (proposed["status"], proposed["units"], proposed["figures"]["left"]) == ("open", 15, 15)
    assert "15 of 15 units in reserve" in proposed["explanation"]["en"]
    path = f"/v1/proposals/{proposed['id']}"
    for _ in range(2):
        done = server.client.post(f"{path}/approve").json()
        assert (done["status"], done["units"]) == ("approved", 15)
    assert server.client.post(f"{path}/reject").json()["code"] == "proposal_settled"
    assert server.client.post("/v1/proposals/none/approve").json()["code"] == "not_found"
    stock = server.client.get(f"/v1/stock/{sku}").json()
    assert stock["available"] == 15
    ended = step(server, show, "end").json()
    assert [each["detail"] for each in ended["steps"] if each["action"] == "open-reserve"] == [
        "5 of 20 units in reserve, opened by hand",
        proposed["explanation"]["en"],
    ]
