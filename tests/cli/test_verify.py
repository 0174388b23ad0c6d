"""`holdfast verify` on a store as a user has it: every check is named in words, and the exit code tells."""

import json
from pathlib import Path

from click.testing import CliRunner

from holdfast.cli.main import main
from holdfast.ledger.commands import ConfirmHold
from holdfast.storage.sqlite import SqliteStore
from tests.conformance.trade import ACTOR, open_shop, place
from tests.fakes.batches import decide


def a_store(folder: Path) -> str:
    path = folder / "holdfast.db"
    store = SqliteStore(path)
    store.open()
    open_shop(store)
    decide(store, [place("sold again", ("A", 1)), ConfirmHold("sold again", ACTOR)], 10**6)
    store.close()
    return f"sqlite:///{path}"


def test_every_check_is_told_in_words(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["verify", "--store", a_store(tmp_path)])
    assert run.exit_code == 0, run.output
    assert run.output.count("checking ") == 10


def test_the_result_as_json(tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["verify", "--json", "--store", a_store(tmp_path)])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["ok"]
