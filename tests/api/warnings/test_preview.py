"""The preview of lines over HTTP: the ledger's own history, with other lines."""

from tests.api.running import RunningServer

PATH = "/v1/warning-lines/preview"


def test_other_lines_would_have_told_something_else(server: RunningServer) -> None:
    channel = server.channel()
    sku = server.stocked(channel, 100)
    server.hold(channel, sku, 50)
    kept = server.hold(channel, sku, 45).json()["id"]
    lines = {"empty_soon_s": 0.2, "empty_now_s": 0.1, "absolute": None}
    body = {"sku": sku, "hours": 1, "lines": lines}
    found = server.client.post(PATH, json=body).json()
    assert (found["skus"], found["complete"]) == (1, True)
    told = [(each["code"], each["kind"]) for each in found["told"]]
    assert told[-1] == ("percentage_line", "raised")
    assert all(each["sku"] == sku for each in found["told"])
    assert sum(found["counts"].values()) == len(told)
    body["lines"] = {**lines, "safety_percent": 4, "percentages": [3]}
    assert server.client.post(PATH, json=body).json()["told"] == []
    assert server.client.post(f"/v1/holds/{kept}/release").status_code == 200
    everything = server.client.post(PATH, json={"lines": {}}).json()
    assert sku in {each["sku"] for each in everything["told"]}
    assert server.client.post(PATH, json={"sku": "NOBODY", "lines": {}}).json()["code"] == "not_found"
