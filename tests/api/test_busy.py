"""More work than may wait is refused at once, and nothing of it is done."""

from pathlib import Path

from tests.api.running import RunningServer, hold_body, unique


def test_a_full_queue_is_503_with_retry_after_and_nothing_is_done(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "holdfast.db", queue_max=2) as server:
        channel = server.channel()
        sku = server.stocked(channel)
        holds = [hold_body(channel, sku) for _ in range(3)]
        answer = server.client.post("/v1/holds/batch", json={"holds": holds})
        assert (answer.status_code, answer.json()["code"]) == (503, "queue_full")
        assert answer.headers["retry-after"] == "1"
        assert server.client.get(f"/v1/stock/{sku}").json()["held"] == 0
        assert server.client.get(f"/v1/holds/{holds[0]['id']}").status_code == 404
        assert "holdfast_refused_full_total 3.0" in server.client.get("/metrics").text
        again = server.client.post("/v1/holds/batch", json={"holds": holds[:2]})
        assert [item["status"] for item in again.json()["results"]] == ["placed", "placed"]


def test_while_the_server_stops_new_work_is_503(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "holdfast.db") as server:
        server.holdfast.engine._stopping = True
        answer = server.client.put(f"/v1/skus/{unique('S')}", json={"name": "a"})
        assert (answer.status_code, answer.json()["code"]) == (503, "stopping")
        assert answer.headers["retry-after"] == "1"
        assert server.client.get("/readyz").json()["code"] == "stopping"
        assert server.client.get("/healthz").status_code == 200
        server.holdfast.engine._stopping = False
