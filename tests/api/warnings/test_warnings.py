"""Warnings over HTTP: they stand soon after the commit, are acknowledged, and follow their lines."""

from tests.api.running import RunningServer, wait_for


def test_a_warning_stands_soon_after_the_hold_and_is_acknowledged(server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 100)
    wait_for(lambda: server.holdfast.warnings._memory.peak_units(sku) == 100)
    server.hold(channel, sku, 99)

    def found() -> list[dict[str, object]]:
        items = server.client.get("/v1/warnings").json()["items"]
        return [item for item in items if item["sku"] == sku]

    wait_for(lambda: bool(found()), 1.0)
    assert (found()[0]["code"], found()[0]["level"]) == ("empty_now", "critical")
    assert server.client.post(f"/v1/warnings/{sku}/acknowledge").status_code == 200
    assert found()[0]["acknowledged_by"] is not None
    assert server.client.post("/v1/warnings/NOBODY/acknowledge").json()["code"] == "not_found"
    path = f"/v1/warning-lines/{sku}"
    assert server.client.put(path, json={"percentages": [50]}).status_code == 422
    assert server.client.put(path, json={"safety_percent": 30}).json()["own"] is True
    assert server.client.delete(path).json()["own"] is False
