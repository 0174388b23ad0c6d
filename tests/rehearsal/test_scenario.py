"""A scenario that cannot be played says which field is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from holdfast.rehearsal.data import evening_show
from holdfast.rehearsal.generate import FAMILIES, generate
from holdfast.rehearsal.scenario import ScenarioError, load_scenario, parse_scenario, problems
from tests.rehearsal.shows import TRACE, trace


def changed(*path: Any, value: Any) -> bytes:
    """The trace scenario with one field changed."""
    document = json.loads(TRACE.read_text(encoding="utf-8"))
    part = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return json.dumps(document).encode()


def test_a_file_is_read_whole() -> None:
    show = trace()
    assert (show.id, show.seed, show.setup_s, show.cancel.returns_to) == ("trace", 41, 5.0, "counter")
    assert show.skus[0].initial == {"douyin": 2}
    assert (show.platforms[1].outages[0].from_s, show.platforms[1].lags[0].extra_s) == (10.0, 3.0)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format",), "alloc-scenario/2", "format: 'alloc-scenario/2' is not 'alloc-scenario/1'"),
        (("horizon_s",), 0, "horizon_s: 0.0 is not above 0"),
        (("horizon_s",), "long", "Expected `float`, got `str` - at `$.horizon_s`"),
        (("demand", 1, "platform"), "douyn", "demand[1].platform: 'douyn' is not in platforms"),
        (("demand", 1, "platform"), "douyin", "demand[1]: 'cup' on 'douyin' has a stream already"),
        (("demand", 0, "curve"), [[5, 1], [2, 1]], "demand[0].curve: the times are not in order"),
        (("skus", 0, "initial"), {"douyin": 11}, "skus[0].initial: shows 11 units, and only 10 are known"),
        (("skus", 1, "id"), "cup", "skus: two have the same id"),
        (("platforms", 0, "api", "p_error"), 1.5, "platforms[0].api.p_error: 1.5 is not from 0 to 1"),
        (("platforms", 0, "dec"), "explode", "Invalid enum value 'explode' - at `$.platforms[0].dec`"),
        (("platforms", 1, "outages", 0, "to"), 9, "platforms[1].outages[0]: ends before it begins"),
        (("platforms", 0, "rate_limit", "burst"), 0.5, "platforms[0].rate_limit.burst: 0.5 lets no call"),
    ],
)
def test_a_wrong_field_is_named(path: tuple[Any, ...], value: Any, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(changed(*path, value=value), "mine.json")
    assert str(caught.value).startswith("mine.json: ")
    assert message in str(caught.value)


def test_a_file_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read: No such file"):
        load_scenario(tmp_path / "none.json")
    with pytest.raises(ScenarioError, match="is no JSON"):
        parse_scenario(b"{", "half.json")


@pytest.mark.parametrize("family", FAMILIES)
def test_generated_shows_are_sound_and_the_same_again(family: str) -> None:
    for seed in range(5):
        show = generate(family, seed)
        assert list(problems(show)) == [], f"{family} {seed}"
        assert show == generate(family, seed)
        assert show != generate(family, seed + 1)


def test_the_built_in_show_is_sound() -> None:
    assert list(problems(evening_show())) == []
