"""Pushes of every platform that pushes, at our own door: forged, replayed and stale ones get no further."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

import httpx
import pytest

from holdfast.channels.manifest import PushMode
from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.api.platforms.shops import connection_body, wait_for_right
from tests.api.running import RunningServer, put, wait_for
from tests.conformance.channels.platforms import CASES, Arrived, Case
from tests.conformance.channels.stand import Stand, arrived
from tests.simulators.receiver import Received, Receiver

PUSH_KEY = "a-key-that-only-we-know"
PUSHING = [
    name for name, case in CASES.items() if name == case.name and case.manifest.push is PushMode.WEBHOOK
]


@dataclass
class Door:
    """The webhook of one channel; the platform's messages pass a receiver that keeps them and the answers."""

    server: RunningServer
    channel: str
    stand: Stand
    sku: str
    pushed: list[tuple[Arrived, httpx.Response]] = field(default_factory=list)
    checks: list[tuple[Arrived, httpx.Response]] = field(default_factory=list)
    """Of our address, by GET."""

    def __post_init__(self) -> None:
        self.anybody = httpx.Client(base_url=self.server.url, trust_env=False, verify=False)

    @property
    def case(self) -> Case:
        return self.stand.case

    def bring(self, push: Arrived, method: str = "POST") -> httpx.Response:
        """What anybody can send us."""
        headers = {
            name: value
            for name, value in push.headers.items()
            if name not in ("host", "content-length", "connection", "accept-encoding")
        }
        path = f"/v1/channels/{self.channel}/webhook"
        return self.anybody.request(
            method, path, params=push.query, headers=headers, content=push.body or None
        )

    def forward(self, got: Received) -> tuple[int, bytes]:
        push = arrived(got.method, got.path, got.headers, got.body)
        answer = self.bring(push, got.method)
        (self.checks if got.method == "GET" else self.pushed).append((push, answer))
        return answer.status_code, answer.content

    def count(self, name: str, **labels: str) -> float:
        """A counter of `/metrics`, summed over the labels that are not given."""
        wanted = [f'{key}="{value}"' for key, value in {"channel": self.channel, **labels}.items()]
        return sum(
            float(line.rpartition(" ")[2])
            for line in self.server.client.get("/metrics").text.splitlines()
            if line.startswith(f"holdfast_sync_{name}_total{{") and all(each in line for each in wanted)
        )

    def committed(self) -> int:
        units: int = self.server.client.get(f"/v1/stock/{self.sku}").json()["committed"]
        return units

    def bought(self) -> Arrived:
        """The last push about a paid order that was booked by it."""
        before = self.committed()
        self.pushed.clear()
        self.stand.buy(2, pay=True)
        wait_for(lambda: self.committed() == before + 2)
        wait_for(lambda: self.stand.control("GET", "/state?orders=0")["pushes"]["waiting"] == 0)
        # A purchase may lead to several pushes, of which one was enough to book it.
        with closing(self.server.holdfast.stores.sync_reader()) as reader:
            wait_for(lambda: all(row.channel != self.channel for row in reader.new_pushes(0, 99)))
        return self.pushed[-1][0]


@pytest.fixture(scope="module", params=PUSHING)
def door(request: pytest.FixtureRequest, server: RunningServer) -> Iterator[Door]:
    """A channel whose polls are too rare to help: what is booked was pushed."""
    case = CASES[request.param]
    with RunningSimulator(platform_named(case.name), seed=7) as simulator, Receiver() as receiver:
        stand = Stand(case, simulator)
        for listing in case.listings:
            stand.put(10, listing)
        told = simulator.control("GET", "/credentials")
        settings = told["settings"] | {"rate_per_s": "500", "poll_every_s": "3600"}
        key = {"push_key": PUSH_KEY} if "push_key" in case.manifest.secrets else {}
        channel = server.channel(platform=case.name, name=case.name)
        body = connection_body(simulator, settings=settings, secrets=told["secrets"] | key)
        put(server.client, f"/v1/channels/{channel}/connection", body)
        sku, name = server.sku(), stand.listing.key
        server.move(sku, "supplier", "unallocated", 10)
        put(server.client, f"/v1/channels/{channel}/listings/{name}", {"sku": sku, "rule": {"paused": True}})
        wait_for_right(server, channel, name, 10)
        found = Door(server, channel, stand, sku)
        receiver.answer = found.forward
        query = f"?key={PUSH_KEY}" if key else ""
        simulator.control("PUT", "/push", {"url": receiver.url + query})
        yield found
        simulator.control("PUT", "/push", {"url": None})


def test_a_forged_push_is_refused_and_counted(door: Door) -> None:
    genuine = door.bought()
    if door.case.signs_pushes:
        forgeries = list(door.case.forgeries(genuine))
    else:
        # Nothing is signed: only the key in our address vouches for a push.
        forgeries = [replace(genuine, query=query) for query in ({}, {"key": PUSH_KEY + "x"})]
    assert forgeries
    before, taken = door.count("pushes_refused", reason="signature"), door.count("pushes")
    booked = door.committed()
    for number, forged in enumerate(forgeries, start=1):
        answer = door.bring(forged)
        assert (answer.status_code, answer.json()["code"]) == (401, "push_refused"), answer.text
        assert answer.json()["facts"] == {"reason": "signature"}
        assert door.count("pushes_refused", reason="signature") == before + number
    assert (door.count("pushes"), door.committed()) == (taken, booked)


def test_a_replayed_push_is_acknowledged_and_counted_and_books_nothing(door: Door) -> None:
    genuine = door.bought()
    booked, fetched = door.committed(), door.stand.calls(door.case.order_call)
    taken, repeated = door.count("pushes"), door.count("pushes_repeated")
    _, first = door.pushed[-1]
    for number in (1, 2):
        again = door.bring(genuine)
        assert (again.status_code, again.content) == (200, first.content)
        events = door.count("pushes") - taken
        assert events > 0
        assert events % number == 0
        assert door.count("pushes_repeated") == repeated + events
    assert (door.committed(), door.stand.calls(door.case.order_call)) == (booked, fetched)


def test_a_stale_push_is_refused_and_counted(door: Door) -> None:
    age_s = door.case.stale_after_s
    if age_s is None:
        pytest.skip("this platform's pushes carry no time that is vouched for")
    for older_s, status in ((-60.0, 200), (60.0, 401)):
        refused, booked = door.count("pushes_refused", reason="stale"), door.committed()
        door.pushed.clear()
        door.stand.misbehave(clock_skew_s=-age_s - older_s, retry_scale=0.0)
        try:
            door.stand.buy(1, pay=True)
            wait_for(lambda: bool(door.pushed))
        finally:
            door.stand.misbehave(clock_skew_s=0.0)
        wait_for(lambda: door.stand.control("GET", "/state?orders=0")["pushes"]["waiting"] == 0)
        answers = [answer for _, answer in door.pushed]
        assert {answer.status_code for answer in answers} == {status}
        if status == 401:
            assert {answer.json()["facts"]["reason"] for answer in answers} == {"stale"}
            assert door.committed() == booked
        counted = len(answers) if status == 401 else 0
        assert door.count("pushes_refused", reason="stale") == refused + counted


def test_only_the_platform_s_own_check_of_our_address_is_answered(door: Door) -> None:
    refused = door.count("pushes_refused")
    invented = Arrived({}, {"signature": "0" * 40, "timestamp": "1", "nonce": "2", "echostr": "hello"}, b"")
    wrong = [invented]
    for check, answer in door.checks:
        assert (answer.status_code, answer.text) == (200, check.query["echostr"])
        wrong += [replace(check, query=check.query | {name: "1"}) for name in ("nonce", "timestamp")]
    for number, check in enumerate(wrong, start=1):
        answer = door.bring(check, "GET")
        assert (answer.status_code, answer.json()["code"]) == (401, "push_refused")
        assert check.query["echostr"].encode() not in answer.content
        assert door.count("pushes_refused") == refused + number
    assert len(door.checks) == (1 if door.case.name == "wechat" else 0)
