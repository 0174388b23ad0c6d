"""`holdfast disasters`: each happens without its remedy and ends well with it, and it can fail."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from holdfast.cli.demo.server_process import ServerFailed
from holdfast.cli.disasters import command as command_module
from holdfast.cli.disasters.disaster import Claim, Disaster, Figure, Outcome, Words
from holdfast.cli.disasters.rehearsed import REHEARSED, first_urgent
from holdfast.cli.main import main
from holdfast.rehearsal.show import History

W = Words("话", "words")


def play(*arguments: str, language: str = "en") -> Result:
    environment = {"COLUMNS": "200", "HOLDFAST_LANGUAGE": language}
    return CliRunner().invoke(main, ["disasters", *arguments], env=environment)


@pytest.mark.parametrize("disaster", REHEARSED, ids=lambda each: each.name)
def test_a_rehearsed_one_happens_without_the_remedy_and_ends_well_with_it(disaster: Disaster) -> None:
    result = play(disaster.name, "--seed", "7", "--json")
    assert result.exit_code == 0, result.output
    document: Any = json.loads(result.stdout)
    outcome = document["disasters"][disaster.name]
    assert document["ok"]
    assert all(claim["holds"] for claim in outcome["claims"])
    oversold = next(f for f in outcome["figures"] if "oversold" in f["name"][1])
    assert oversold["remedied"] == 0
    sold = next(f for f in outcome["figures"] if "kept" in f["name"][1])
    if disaster.name == "unseen":
        assert sold["without"] == 3_000 < sold["remedied"]
    else:
        assert oversold["without"] > 0


def test_a_live_one_happens_without_the_remedy_and_ends_well_with_it() -> None:
    result = play("unlimited", "--seed", "7", "--json")
    assert result.exit_code == 0, result.output
    outcome = json.loads(result.stdout)["disasters"]["unlimited"]
    assert len(outcome["claims"]) == 3
    units, lost = ((figure["without"], figure["remedied"]) for figure in outcome["figures"])
    assert lost == tuple(pytest.approx(each * 35.10) for each in units)
    assert lost[1] <= 5_000 < 100_000 <= lost[0]


def test_the_surge_finds_the_reserve_shut_and_the_fans_find_it_open() -> None:
    result = play("surge", "--seed", "7", "--json")
    assert result.exit_code == 0, result.output
    outcome = json.loads(result.stdout)["disasters"]["surge"]
    fans, _, sold, steps = ((figure["without"], figure["remedied"]) for figure in outcome["figures"])
    assert fans[0] < 50 < 400 < fans[1]
    assert sold == (3_000, 3_000)
    assert len(outcome["story"]) == steps[1] >= 2


def test_the_batches_open_once_each_over_a_power_cut() -> None:
    result = play("batches", "--json")
    assert result.exit_code == 0, result.output
    outcome = json.loads(result.stdout)["disasters"]["batches"]
    assert [figure["remedied"] for figure in outcome["figures"]] == [250, 350, 300]
    assert [figure["without"] for figure in outcome["figures"]] == [0, 0, 0]
    assert "batch 2: 350 units" in outcome["story"][1][1], (
        "the 50 that the first batch did not sell are in it"
    )


def test_a_server_that_does_not_start_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(seed: int) -> Outcome:
        raise ServerFailed("the server did not start: no room")

    monkeypatch.setitem(command_module.DISASTERS, "rush", Disaster("rush", W, W, W, broken))
    result = play("rush")
    assert result.exit_code == 1
    assert "rush: the server did not start: no room" in result.output


def test_people_read_both_sides_in_their_language() -> None:
    chinese, english = play("unseen", language="zh").output, play("unseen", language="en").output
    for part in ("没人发现", "阶梯预警", "盘点入库 2,000 件", "✓ 没有超卖"):
        assert part in chinese
    for part in ("without: nobody notices", "2,000 units counted in", "✓ nothing oversold"):
        assert part in english


def test_one_that_does_not_end_well_or_never_happened_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def badly(seed: int) -> Outcome:
        figures = (Figure(W, None, 1.5),)
        return Outcome(figures, (Claim(W, True), Claim(Words("没有发生", "it never happened"), False)))

    monkeypatch.setitem(command_module.DISASTERS, "rush", Disaster("rush", W, W, W, badly))
    result = play("rush")
    assert result.exit_code == 1
    assert "✗ it never happened" in result.output
    assert "1.50" in result.output
    assert json.loads(play("rush", "--json").stdout)["ok"] is False


def test_the_urgent_warning_comes_while_units_are_left_and_none_comes_when_nothing_sells() -> None:
    times = [float(second) for second in range(0, 400, 2)]
    selling = History(times, left={"A": [2_000 + max(0, 1_000 - 4 * int(at_s)) for at_s in times]})
    told = first_urgent(selling, "A", 1_000, 2_000)
    assert told is not None
    assert 0 < told.warning.figures.available < 1_000, "at 4 a second, 3 minutes are 720 units"
    assert told.warning.figures.empty_in_s == pytest.approx(180, abs=20)
    assert first_urgent(History(times, left={"A": [3_000] * len(times)}), "A", 1_000, 2_000) is None
