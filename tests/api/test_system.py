"""The reference, the page, the numbers and the health of a server."""

import re

from holdfast.api.asgi import OPERATIONS
from holdfast.api.metrics import _Collector
from holdfast.api.sync_metrics import sync_metrics
from holdfast.api.warning_metrics import warning_metrics
from tests.api.running import RunningServer


def test_the_reference_lists_every_route_with_its_answers(server: RunningServer) -> None:
    reference = server.client.get("/openapi.json").json()
    assert reference["openapi"].startswith("3.1")
    listed = {(method.upper(), path) for path, item in reference["paths"].items() for method in item}
    assert listed == {(operation.method, operation.path) for operation in OPERATIONS}
    for path, item in reference["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], path
            assert operation["responses"], path
            if operation.get("security"):
                assert {"401", "403", "503"} <= operation["responses"].keys(), (method, path)
    for name in set(re.findall(r"#/components/schemas/(\w+)", str(reference))):
        assert name in reference["components"]["schemas"]


def test_the_page_names_every_route_and_needs_no_script(server: RunningServer) -> None:
    answer = server.client.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    for operation in OPERATIONS:
        assert f"<code>{operation.path}</code>" in answer.text
    assert "<script" not in answer.text
    assert not re.search(r'(?:src|href)="https?:', answer.text)


def test_metrics_hold_every_measure_in_prometheus_words(server: RunningServer) -> None:
    channel = server.channel()
    server.hold(channel, server.stocked(channel))
    text = server.client.get("/metrics").text
    names = set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE))
    of_sync = [*sync_metrics(server.holdfast.sync), *warning_metrics(server.holdfast)]
    known = {metric.name for metric in _Collector(server.holdfast, of_sync).collect()}
    assert {name.removesuffix("_total") for name in names} == known
    assert known >= {
        "holdfast_decisions",
        "holdfast_batch_size",
        "holdfast_commit_seconds",
        "holdfast_queue_depth",
        "holdfast_feed_lag_seconds",
    }
    for name in ("batch_size", "commit_seconds", "batch_seconds", "queue_wait_seconds", "feed_lag_seconds"):
        assert f"# TYPE holdfast_{name} histogram" in text
        assert f'holdfast_{name}_bucket{{le="+Inf"}}' in text
        assert f"holdfast_{name}_count" in text
    placed = re.search(r'holdfast_decisions_total\{command="PlaceHold",result="placed"\} (\S+)', text)
    assert placed is not None
    assert float(placed[1]) >= 1
    assert "holdfast_store_ready 1.0" in text


def test_health_and_readiness(server: RunningServer) -> None:
    assert server.client.get("/healthz").json()["status"] == "alive"
    ready = server.client.get("/readyz").json()
    assert (ready["status"], ready["store"], ready["audit_differences"]) == ("ready", "writable", 0)
    assert server.client.head("/healthz").content == b""


def test_every_answer_has_its_own_request_id(server: RunningServer) -> None:
    answers = [
        server.client.get(path) for path in ("/healthz", "/healthz", "/v1/nothing", "/v1/skus/nothing")
    ]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 4
    assert answers[2].json()["request_id"] == answers[2].headers["x-request-id"]
