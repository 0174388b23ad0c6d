"""Calls of the command line: what is repeated, what is not, and what the user is told."""

from collections.abc import Callable

import httpx
import pytest

from holdfast.cli.client import ApiClient, RequestFailed, path_of
from tests.cli.api_stub import ApiStub, problem

Step = httpx.Response | Exception


def scripted(*steps: Step) -> tuple[Callable[[], ApiClient], list[float], list[httpx.Request]]:
    waits: list[float] = []
    seen: list[httpx.Request] = []
    rest = list(steps)

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        step = rest.pop(0) if len(rest) > 1 else rest[0]
        if isinstance(step, Exception):
            raise step
        return step

    def client() -> ApiClient:
        return ApiClient("http://stub/", "k", sleep=waits.append, transport=httpx.MockTransport(handle))

    return client, waits, seen


def test_a_call_carries_the_key_and_gives_the_document() -> None:
    client, waits, seen = scripted(
        httpx.Response(200, json={"a": 1}, headers={"Idempotency-Replayed": "true"})
    )
    answer = client().post("/v1/transfers", {"id": "x"})
    assert (answer.status, answer.body, answer.replayed) == (200, {"a": 1}, True)
    assert seen[0].headers["Authorization"] == "Bearer k"
    assert seen[0].content == b'{"id":"x"}'
    assert not waits


def test_busy_waits_as_long_as_the_server_asks_within_a_bound() -> None:
    busy = problem(503, "queue_full", "full", {"Retry-After": "3"})
    forever = problem(503, "queue_full", "full", {"Retry-After": "99999"})
    client, waits, seen = scripted(busy, forever, httpx.Response(200, json={}))
    client().put("/v1/skus/a", {"name": "n"})
    assert 3 <= waits[0] <= 3.6
    assert 10 <= waits[1] <= 12
    assert len({request.content for request in seen}) == 1


def test_busy_for_ever_is_told() -> None:
    client, waits, seen = scripted(problem(503, "store_full", "the disk is full"))
    with pytest.raises(RequestFailed) as caught:
        client().put("/v1/skus/a", {"name": "n"})
    assert (caught.value.code, caught.value.status, len(seen)) == ("store_full", 503, 6)
    assert sum(waits) < 15


def test_a_refusal_is_not_repeated() -> None:
    client, _, seen = scripted(problem(409, "insufficient_available", "available 3"))
    with pytest.raises(RequestFailed) as caught:
        client().post("/v1/transfers", {"id": "x"})
    assert (caught.value.code, caught.value.request_id, len(seen)) == ("insufficient_available", "r-1", 1)


def test_a_broken_connection_is_tried_again() -> None:
    client, _, seen = scripted(
        httpx.ReadError("reset"), httpx.ReadTimeout("slow"), httpx.Response(200, json=1)
    )
    assert client().get("/x") == 1
    assert len(seen) == 3


def test_no_server_says_what_to_do_without_a_long_wait() -> None:
    client, waits, _ = scripted(httpx.ConnectError("refused"))
    with pytest.raises(RequestFailed) as caught:
        client().get("/x")
    assert caught.value.code == "unreachable"
    assert "holdfast serve" in caught.value.hint[1]
    assert sum(waits) < 2


def test_a_bad_key_says_what_to_do() -> None:
    client, _, _ = scripted(problem(401, "unauthorized", "no"))
    with pytest.raises(RequestFailed) as caught:
        client().get("/x")
    assert "HOLDFAST_API_KEY" in caught.value.hint[0]
    assert caught.value.to_json()["status"] == 401


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>a router</html>"),
        httpx.Response(404, text="nginx"),
        httpx.Response(500, content=b"\xff", headers={"Content-Type": "application/problem+json"}),
        httpx.Response(400, json={}, headers={"Content-Type": "application/problem+json"}),
    ],
)
def test_something_else_on_the_port_is_named(answer: httpx.Response) -> None:
    client, _, _ = scripted(answer)
    with pytest.raises(RequestFailed) as caught:
        client().get("/x")
    assert caught.value.code == "not_holdfast"


def test_pages_are_followed_to_the_end() -> None:
    stub = ApiStub()
    stub.skus = {f"S{index}": {"name": "n"} for index in range(5)}
    assert [item["sku"] for item in stub.client().pages("/v1/skus")] == ["S0", "S1", "S2", "S3", "S4"]


def test_pages_that_go_in_a_circle_end() -> None:
    client, _, _ = scripted(httpx.Response(200, json={"items": [1], "next": "a"}))
    with pytest.raises(RequestFailed, match="does not go on"):
        list(client().pages("/v1/skus"))


def test_a_list_that_is_none_is_named() -> None:
    client, _, _ = scripted(httpx.Response(200, json=[]))
    with pytest.raises(RequestFailed, match="not as a Holdfast server"):
        list(client().pages("/v1/skus"))


@pytest.mark.parametrize("url", ["foo", "ftp://x", "http://", "http://a b", "http://x:99999"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="is no address"):
        ApiClient(url)


def test_paths_hold_any_code() -> None:
    assert path_of("v1", "skus", "a/b %?#c") == "/v1/skus/a%2Fb%20%25%3F%23c"
    assert path_of("v1", "skus", "..") == "/v1/skus/%2E%2E"
    assert path_of("商") == "/%E5%95%86"
