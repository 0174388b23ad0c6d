"""Destinations over HTTP: set, tested, told of a warning, and no secret is ever shown."""

from collections.abc import Iterator

import pytest

from tests.api.running import RunningServer, put, wait_for
from tests.operations.destinations import robots
from tests.operations.destinations.robots import SECRET, TOKEN, WEBHOOK_SECRET, serving

PATH = "/v1/destinations/team"


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    path = tmp_path_factory.mktemp("store") / "holdfast.db"
    with RunningServer(path, private_destinations=True) as running:
        yield running


def test_a_warning_reaches_the_robot_within_three_seconds(inside: RunningServer) -> None:
    with serving(robots.dingtalk) as robot:
        address = robot.url(f"/robot/send?access_token={TOKEN}")
        body = {"name": "运营群", "kind": "dingtalk", "address": address, "secret": SECRET}
        made = put(inside.client, PATH, body)
        assert (made["host"], made["secrets"]) == ("127.0.0.1", ["address", "secret"])
        tested = inside.client.post(f"{PATH}/test").json()
        assert (tested["ok"], tested["zh"]) == (True, "对方已收下")
        channel = inside.channel()
        sku = inside.stocked(channel, 100)
        wait_for(lambda: inside.holdfast.warnings._memory.peak_units(sku) == 100)
        robot.arrived.clear()
        inside.hold(channel, sku, 100)
        assert robot.arrived.wait(3.0)
        assert "已售罄" in robot.taken[-1].body.decode()
        # The secret stays when it is left out, and so does what was sent.
        changed = put(inside.client, PATH, {"name": "运营", "kind": "dingtalk", "level": "critical"})
        assert (changed["secrets"], changed["revision"]) == (["address", "secret"], 2)
        (item,) = inside.client.get("/v1/destinations").json()["items"]
        assert item["delivery"]["last_success_at"] is not None
        trail = inside.client.get("/v1/audit", params={"target": "team"}).text
        for text in (str(made), str(tested), str(changed), str(item), trail):
            assert TOKEN not in text
            assert SECRET not in text
        assert "holdfast_deliveries_total" in inside.client.get("/metrics").text
        assert inside.client.delete(PATH).status_code == 200
        assert inside.client.delete(PATH).json()["code"] == "not_found"
        assert inside.client.post(f"{PATH}/test").json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "slack"}, "address"),
        ({"kind": "slack", "address": "http://hooks.example/x"}, "address"),
        ({"kind": "webhook", "address": "https://hooks.example/x"}, "secret"),
        ({"kind": "webhook", "address": "https://hooks.example/x", "secret": "whsec_short"}, "secret"),
        ({"kind": "slack", "mail": {"host": "m", "sender": "a@b.cn", "to": ["a@b.cn"]}}, "mail"),
        ({"kind": "email"}, "mail"),
        (
            {
                "kind": "email",
                "mail": {"host": "m", "sender": "a@b.cn", "to": ["a@b.cn"], "security": "plain"},
            },
            "mail.security",
        ),
    ],
)
def test_what_cannot_work_is_refused_with_the_field(
    server: RunningServer, body: dict[str, object], field: str
) -> None:
    answer = server.client.put("/v1/destinations/wrong", json={"name": "x", **body})
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_an_address_inside_is_not_called_without_the_setting(server: RunningServer) -> None:
    body = {"name": "内网", "kind": "webhook", "address": "https://127.0.0.1:9/x", "secret": WEBHOOK_SECRET}
    put(server.client, "/v1/destinations/inside", body)
    tested = server.client.post("/v1/destinations/inside/test").json()
    assert (tested["verdict"], tested["code"]) == ("refused", "address")
    assert "private_destinations" in tested["en"]


def test_operators_look_and_administrators_change(server: RunningServer) -> None:
    made = server.client.post("/v1/keys", json={"name": "dest-op", "role": "operator"}).json()
    with server.client_with(made["key"]) as operator:
        assert operator.get("/v1/destinations").status_code == 200
        assert operator.put(PATH, json={"name": "x", "kind": "slack"}).status_code == 403
        assert operator.delete(PATH).status_code == 403
        assert operator.post(f"{PATH}/test").status_code == 403
