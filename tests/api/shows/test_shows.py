"""Shows over HTTP: a person plans, starts, runs and ends one."""

from typing import Any

import httpx

from tests.api.running import RunningServer, put, unique

TIMES = {"starts_at": "2026-11-26T12:00:00Z", "ends_at": "2026-11-26T16:00:00Z"}


def plan(server: RunningServer, *items: dict[str, Any], channels: list[str] | None = None) -> str:
    """A planned show with these items."""
    show = unique("show")
    body = {"name": "周五晚场", "channels": channels or [server.channel()], "items": list(items), **TIMES}
    put(server.client, f"/v1/shows/{show}", body)
    return show


def step(server: RunningServer, show: str, name: str, **body: Any) -> httpx.Response:
    """Take a step under a new id, unless `id` says which."""
    return server.client.post(f"/v1/shows/{show}/{name}", json={"id": unique("q"), **body})


def stock_of(server: RunningServer, quantity: int = 100, **body: Any) -> str:
    """A new item with unallocated stock."""
    sku = server.sku(**body)
    server.move(sku, "supplier", "unallocated", quantity)
    return sku


def test_a_whole_show(server: RunningServer) -> None:
    one, two = stock_of(server), stock_of(server)
    item = {"sku": one, "planned": 100, "strategy": "reserve", "limits": {"per_buyer": 2}, "script": "买它"}
    show = plan(server, item, {"sku": two, "planned": 10})
    found = server.client.get(f"/v1/shows/{show}").json()
    assert (found["status"], found["revision"]) == ("planned", 1)
    assert found["items"][0]["reserve_percent_proposed"] == 20
    assert show in [each["id"] for each in server.client.get("/v1/shows").json()["items"]]

    live = step(server, show, "start", id="go").json()
    assert (live["status"], live["items"][0]["reserved"]) == ("live", 20)
    again = step(server, show, "start", id="go")
    assert again.headers["idempotency-replayed"] == "true"
    assert server.client.get(f"/v1/skus/{one}").json()["limits"] == {"period": show, "per_buyer": 2}

    assert step(server, show, "next").json()["current"] == one
    assert step(server, show, "spotlight", sku=two).json()["spotlight"] == two
    assert step(server, show, "undo").json()["spotlight"] == one
    extra = stock_of(server)
    pushed = step(server, show, "push", item={"sku": extra, "planned": 5}, now=True).json()
    assert (pushed["current"], pushed["items"][1]["pushed_in"]) == (extra, True)
    assert step(server, show, "skip", sku=two).json()["items"][2]["state"] == "skipped"
    ended = step(server, show, "end").json()
    assert (ended["status"], ended["results"]) == ("ended", [])
    assert server.client.get(f"/v1/skus/{one}").json()["limits"] is None
    actions = [each["action"] for each in ended["steps"]]
    assert actions == ["planned", "start", "next", "spotlight", "undo", "push", "skip", "end"]
    trail = server.client.get("/v1/audit", params={"target": show}).json()["items"]
    assert {"show.start", "show.end", "show.push"} <= {each["action"] for each in trail}


def test_every_refusal_says_what_to_do(server: RunningServer) -> None:
    channel, sku = server.channel(), stock_of(server, 10)
    body = {"name": "x", "channels": [channel], "items": [{"sku": sku, "planned": 10}], **TIMES}
    codes = {}

    def refused(answer: httpx.Response) -> str:
        codes[answer.json()["code"]] = answer.json()["detail"]
        code: str = answer.json()["code"]
        return code

    client = server.client
    show = plan(server, {"sku": sku, "planned": 10}, channels=[channel])
    assert refused(client.put(f"/v1/shows/{show}", json={**body, "revision": 9})) == "changed_meanwhile"
    assert refused(step(server, show, "next")) == "show_is_planned"
    assert refused(step(server, "nobody", "start")) == "not_found"
    assert refused(client.get("/v1/shows/nobody")) == "not_found"
    assert refused(client.delete("/v1/shows/nobody")) == "not_found"
    assert step(server, show, "start", id=f"go-{show}").status_code == 200
    assert refused(step(server, show, "next", id=f"go-{show}")) == "id_used_before"
    assert refused(step(server, show, "start")) == "show_is_live"
    assert refused(client.delete(f"/v1/shows/{show}")) == "show_is_live"
    assert refused(step(server, show, "undo")) == "nothing_to_undo"
    assert refused(step(server, show, "skip")) == "no_next_item"
    assert refused(step(server, show, "spotlight", sku="nobody")) == "not_in_rundown"
    assert refused(step(server, show, "push", item={"sku": sku, "planned": 1})) == "item_in_rundown"
    step(server, show, "next")
    step(server, show, "next")
    assert refused(step(server, show, "skip", sku=sku)) == "item_not_waiting"
    other = plan(server, {"sku": sku, "planned": 1}, channels=[channel])
    assert refused(step(server, other, "start")) == "preflight_failed"
    short = plan(server, {"sku": sku, "planned": 1_000, "strategy": "reserve"})
    assert refused(step(server, short, "start", overrule={"reserve_short": "x"})) == "preflight_failed"
    step(server, show, "end")
    assert refused(step(server, show, "next")) == "show_is_ended"
    assert all(codes.values())
    assert client.delete(f"/v1/shows/{other}").json()["id"] == other


def test_an_error_of_the_preflight_is_overruled_with_a_name_and_a_reason(server: RunningServer) -> None:
    show = plan(server, {"sku": stock_of(server, 10), "planned": 11})
    found = server.client.post(f"/v1/shows/{show}/preflight").json()
    assert (found["ok"], found["findings"][0]["code"]) == (False, "plan_above_stock")
    assert found["findings"][0]["can_overrule"]
    refused = step(server, show, "start")
    assert (refused.status_code, refused.json()["facts"]) == (409, {"errors": "plan_above_stock"})
    assert server.client.get(f"/v1/shows/{show}").json()["status"] == "planned"
    live = step(server, show, "start", overrule={"plan_above_stock": "补货在路上"}).json()
    (taken,) = live["overruled"]
    assert (taken["code"], taken["reason"]) == ("plan_above_stock", "补货在路上")
    assert taken["actor"]
    trail = server.client.get("/v1/audit", params={"target": show}).json()["items"]
    start = next(each for each in trail if each["action"] == "show.start")
    assert "补货在路上" in str(start["detail"])
