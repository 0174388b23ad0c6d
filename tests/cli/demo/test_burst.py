"""The burst plays to its end against a real server, and its proof fails whenever the count is not true."""

import copy
import json
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from holdfast.cli.demo.burst.book import Book, Step
from holdfast.cli.demo.burst.feed import ChannelStock
from holdfast.cli.demo.burst.proof import Proof, Witness, prove
from holdfast.cli.demo.burst.script import Habit, Manner, Script, cast
from holdfast.cli.demo.child import run_verify
from holdfast.cli.demo.server_process import COMMAND, ServerFailed, ServerProcess
from holdfast.cli.loadclient import Answer, Request
from holdfast.cli.main import main

BURST = ["demo", "--act", "burst"]
SMALL = [*BURST, "--buyers", "500", "--stock", "200", "--connections", "16", "--seed", "3", "--json"]


def script(seed: int = 1, buyers: int = 2_000) -> Script:
    return Script("127.0.0.1", 1, "k", "shop", "HERO-001", 2, 1_000, buyers, 8, seed)


def test_the_same_seed_is_the_same_crowd_with_every_manner_and_habit_in_it() -> None:
    crowd = cast(script())
    assert crowd == cast(script())
    assert crowd != cast(script(seed=2))
    assert {buyer.manner for buyer in crowd} == set(Manner)
    assert {buyer.habit for buyer in crowd} == set(Habit)
    assert all((buyer.quantity > 2) == (buyer.manner is Manner.GREEDY) for buyer in crowd)


def test_a_small_demo_sells_out_exactly_and_proves_it() -> None:
    result = subprocess.run([*COMMAND, *SMALL], capture_output=True, timeout=60)
    assert result.returncode == 0, result.stderr.decode()
    document = json.loads(result.stdout)
    assert document["ok"]
    assert document["seed"] == 3
    assert document["proof"]["sold"] == 200
    assert (document["proof"]["oversold"], document["proof"]["undersold"]) == (0, 0)
    assert set(document["book"]["refused"]) == {
        "exists_with_different_quantity",
        "hold_expired",
        "insufficient_available",
        "purchase_limit_exceeded",
    }
    assert document["verify"]["ok"]
    assert "种子 3" in result.stderr.decode()


def test_more_units_than_buyers_leaves_the_rest_and_nobody_refused_for_stock() -> None:
    flags = [*BURST, "--buyers", "60", "--stock", "7000", "--connections", "4", "--seed", "1", "--json"]
    result = subprocess.run([*COMMAND, *flags], capture_output=True, timeout=60)
    assert result.returncode == 0, result.stderr.decode()
    document = json.loads(result.stdout)
    assert "insufficient_available" not in document["book"]["refused"]
    assert document["proof"]["sold"] < 100


def test_a_store_that_was_tampered_with_fails_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    def tampering(store_url: str) -> dict[str, Any]:
        with sqlite3.connect(store_url.removeprefix("sqlite:///")) as database:
            changed = database.execute("UPDATE account SET posted = posted - 1 WHERE kind = 'committed'")
            assert changed.rowcount == 1
        return run_verify(store_url)

    monkeypatch.setattr("holdfast.cli.demo.burst.play.run_verify", tampering)
    result = CliRunner().invoke(main, SMALL)
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    failed = [check["name"] for check in document["proof"]["checks"] if not check["passed"]]
    assert failed == ["verify"]
    assert "PROOF FAILED" in result.stderr


# --- the proof alone

REPORT: dict[str, Any] = {
    "buyers": 8,
    "first_orders_decided": 8,
    "unserved": 3,
    "rush": {"unanswered": 0, "aborted": ""},
    "aftermath": {"unanswered": 0, "aborted": ""},
    "book": {"sold_units": 5, "held_units": 0, "surprise_count": 0, "mismatched": 0, "doubled": 0},
}


def proof_of(
    *,
    stock: ChannelStock | None = None,
    feed: ChannelStock | None = None,
    lowest: int = 0,
    most: int = 5,
    verify: dict[str, Any] | None = None,
    **book: int,
) -> Proof:
    report = copy.deepcopy(REPORT)
    report["book"] |= book
    end = stock or ChannelStock(sold=5)
    return prove(5, 8, Witness(report, end, feed or end, lowest, most, verify or {"ok": True}))


def failed(proof: Proof) -> set[str]:
    return {check.name for check in proof.checks if not check.passed}


def test_what_fits_together_is_proved() -> None:
    assert proof_of().passed


def test_one_receipt_too_many_is_oversold_whatever_the_server_says() -> None:
    proof = proof_of(sold_units=6)
    assert proof.oversold == 1
    assert {"oversold", "stock_sold"} <= failed(proof)


def test_a_unit_left_while_somebody_was_refused_is_undersold() -> None:
    proof = proof_of(stock=ChannelStock(sold=4, available=1), sold_units=4)
    assert (proof.undersold, failed(proof)) == (1, {"undersold"})


def test_every_witness_can_fail_the_proof() -> None:
    assert failed(proof_of(stock=ChannelStock(sold=4, held=1), feed=ChannelStock(sold=5))) == {
        "stock_sold",
        "stock_held",
    }
    assert failed(proof_of(feed=ChannelStock(sold=4, available=1))) == {"feed_sold"}
    assert failed(proof_of(lowest=-1)) == {"feed_lowest"}
    assert failed(proof_of(most=6)) == {"oversold"}
    assert failed(proof_of(verify={"ok": False, "error": "no file"})) == {"verify"}
    assert failed(proof_of(mismatched=1)) == {"mismatched"}
    assert failed(proof_of(doubled=1)) == {"doubled"}
    assert failed(proof_of(surprise_count=1)) == {"surprises"}


# --- the buyers' book


def answer(status: int, body: dict[str, Any]) -> Answer:
    return Answer(Request(b""), status, json.dumps(body).encode(), False, 1, 0, 1, 0.0)


def placed(status: int = 201) -> Answer:
    return answer(status, {"status": "placed", "lines": [{"sku": "a", "quantity": 2}]})


def test_the_book_counts_a_hold_once_however_often_it_is_told() -> None:
    book = Book()
    for _ in range(2):
        book.note(Step.PLACE, "h", placed(200 if book.orders else 201))
        book.note(Step.REPEAT, "h", placed(200))
    for _ in range(2):
        book.note(Step.PAY, "h", answer(200, {"status": "confirmed"}))
    assert (book.sold, book.held, book.doubled(), book.mismatched, book.surprise_count) == (2, 0, 0, 0, 0)


def test_the_book_notices_what_must_not_be() -> None:
    book = Book()
    book.note(Step.PLACE, "h", placed())
    book.note(Step.REPEAT, "h", placed())
    assert book.doubled() == 1
    book.note(Step.REPEAT, "h", answer(409, {"code": "insufficient_available"}))
    assert book.mismatched == 1
    book.note(Step.PAY_LATE, "h", answer(200, {"status": "confirmed"}))
    book.note(Step.GREEDY, "g", placed())
    book.note(Step.PAY, "never", answer(200, {"status": "confirmed"}))
    book.note(Step.PLACE, "x", answer(500, {"code": "internal_error", "status": 500}))
    assert book.surprise_count == 4
    book.note(Step.PLACE, "y", Answer(Request(b""), 0, b"", False, 1, 0, 6, 0.0, "gone"))
    assert (book.unanswered, book.surprise_count) == (1, 5)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    tmp_path.joinpath("holdfast.db").write_bytes(b"no database at all, whatever its name" * 100)
    with pytest.raises(ServerFailed, match="did not start"), ServerProcess(tmp_path):
        pass
