"""The referee's protocol: a whole small show over JSON lines, and what is made of each field."""

import io
import json
from typing import Any

import pytest

from holdfast.channels.manifest import GivesBack, UnderRun
from holdfast.rehearsal.book import Book, BookBroken
from holdfast.rehearsal.manifests import manifest_of
from holdfast.rehearsal.stdio import Session, serve
from holdfast.sync.messages import Commit, ListingId, Move


def platform(name: str, **differences: Any) -> dict[str, Any]:
    return {
        "id": name,
        "rate_limit": {"per_s": 10, "burst": 10},
        "api": {"rtt_median_s": 0.2, "timeout_s": 1.5},
        "dec": "refuse",
        "idempotent": True,
        "ack_stock": False,
        "read_stale_s": 0.3,
        "push": {"median_s": 0.6},
        "poll": {"max": 200, "index_lag_s": 1.0},
        **differences,
    }


def start(known: int = 30, returns_to: str = "counter") -> dict[str, Any]:
    return {
        "ev": "start",
        "t": -20.0,
        "info": {
            "setup_s": 20,
            "horizon_s": 100,
            "platforms": [platform("p"), platform("q", idempotent=False)],
            "skus": [{"id": "x", "known_stock": known, "initial": {"p": 10}}],
            "forecast": [{"sku": "x", "platform": name, "forecast_units": 20} for name in "pq"],
            "cancel_returns_to": returns_to,
        },
    }


def writes(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [call for call in answer["calls"] if call["op"] in ("inc", "dec")]


def acknowledged(call: dict[str, Any], t: float, status: str = "ok") -> dict[str, Any]:
    applied = call["n"] if status == "ok" else None
    return {
        "ev": "ack",
        "t": t,
        "platform": call["platform"],
        "rid": call["rid"],
        "op": call["op"],
        "sku": "x",
        "status": status,
        "applied": applied,
    }


def test_a_platform_becomes_a_manifest() -> None:
    manifest = manifest_of(platform("p", dec="partial", ack_stock=True), "seller")
    assert manifest.under_run is UnderRun.CLAMPS
    assert manifest.write_tells_counter
    assert manifest.gives_back_on_cancel is GivesBack.NO
    assert manifest.settles_within_s == pytest.approx(6.5)


def test_the_start_deals_what_is_known_and_not_given_yet() -> None:
    answer = Session().step(start())
    assert sum(call["n"] for call in writes(answer)) == 20
    assert answer["wake"]


def test_a_lost_write_is_repeated_under_the_same_id_only_where_that_is_safe() -> None:
    session = Session()
    first = {call["platform"]: call for call in writes(session.step(start()))}
    for call in first.values():
        session.step(acknowledged(call, -18.5, "timeout"))
    again = [
        call for step in range(30) for call in writes(session.step({"ev": "wake", "t": -18 + step / 10}))
    ]
    assert first["p"]["rid"] in {call["rid"] for call in again}
    assert first["q"]["rid"] not in {call["rid"] for call in again}


def test_an_order_is_booked_once_however_often_it_is_told() -> None:
    session = Session()
    session.step(start())
    order = {"ev": "order", "t": 1.0, "platform": "p", "sku": "x", "oid": 1, "qty": 2, "ts": 0.5}
    before = session.book.rights[ListingId("p", "x")]
    session.step(order)
    session.step({**order, "t": 1.5})
    assert session.book.rights[ListingId("p", "x")] == before - 2


def test_units_that_come_back_to_the_seller_join_the_pool() -> None:
    session = Session()
    session.step(start(returns_to="seller"))
    news = {"t": 1.0, "platform": "p", "sku": "x", "oid": 1, "qty": 2, "ts": 0.5}
    session.step({"ev": "order", **news})
    pool = session.book.pools["x"]
    answer = session.step({"ev": "cancel", **news, "t": 2.0})
    given = sum(call["n"] for call in writes(answer) if call["op"] == "inc")
    assert session.book.pools["x"] == pool + 2 - given


def test_serve_answers_line_by_line() -> None:
    sink = io.StringIO()
    serve(io.StringIO(json.dumps(start()) + "\n" + json.dumps({"ev": "wake", "t": -19.0}) + "\n"), sink)
    assert [set(json.loads(line)) for line in sink.getvalue().splitlines()] == [{"calls", "wake"}] * 2


def test_the_book_refuses_what_is_not_there() -> None:
    book, listing = Book(), ListingId("p", "x")
    book.open("x", 5, {listing: 1})
    with pytest.raises(BookBroken, match="below zero"):
        book.commit(Commit("c", moves=(Move("m", listing, 5, "grant"),)), {listing: "x"})
