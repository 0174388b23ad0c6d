"""A storm of warnings is told in a few messages."""

from hypothesis import given
from hypothesis import strategies as st

from holdfast.policies.warnings import (
    Kind,
    Level,
    Lines,
    State,
    StockWarning,
    View,
    digest,
    digest_message,
    evaluate,
)


def raised(sku: str, available: int, speed: float = 0.0) -> StockWarning:
    warning = evaluate(View(sku, available, 1_000, taken_per_minute=speed), Lines(), State(), 0.0).warning
    assert warning is not None
    return warning


def test_a_few_are_told_one_by_one_worst_first() -> None:
    found = digest([raised("A", 190), raised("B", 0), raised("C", 90)])
    assert [each.named[0].sku for each in found] == ["B", "C", "A"]
    assert all(each.count == 1 for each in found)


def test_a_storm_of_a_thousand_is_at_most_four_messages() -> None:
    storm = [raised(f"S{number:04}", (0, 90, 190)[number % 3]) for number in range(1_000)]
    found = digest(storm)
    assert [(each.level, each.count, len(each.named)) for each in found] == [
        (Level.CRITICAL, 334, 10),
        (Level.WARNING, 333, 10),
        (Level.NOTICE, 333, 10),
    ]
    assert digest_message(found[0], "zh").text.endswith("另有 324 个，见控制台")
    assert digest_message(found[0], "en").title == "[Critical] 334 items"


def test_the_last_word_on_a_sku_wins() -> None:
    low = raised("A", 0)
    cleared = evaluate(
        View("A", 900, 1_000), Lines(), evaluate(View("A", 0, 1_000), Lines(), State(), 0.0).state, 9.0
    ).warning
    assert cleared is not None
    (found,) = digest([low, cleared])
    assert found.better
    assert found.named == (cleared,)


def test_of_one_level_the_one_with_the_least_time_is_named_first() -> None:
    storm = [raised(f"S{number}", 800, 300 + number) for number in range(20)]
    (found,) = digest(storm)
    assert [each.sku for each in found.named[:3]] == ["S19", "S18", "S17"]


warnings = st.builds(
    lambda sku, available, kind: _of_kind(raised(f"S{sku}", available), kind),
    st.integers(0, 400),
    st.integers(-3, 190),
    st.sampled_from(Kind),
)


def _of_kind(warning: StockWarning, kind: Kind) -> StockWarning:
    return StockWarning(
        warning.sku, warning.name, kind, warning.tier, warning.level, warning.at_s, warning.figures
    )


@given(st.lists(warnings, max_size=200))
def test_every_sku_is_counted_once_in_few_messages(storm: list[StockWarning]) -> None:
    found = digest(storm)
    assert len(found) <= 4
    assert sum(each.count for each in found) == len({each.sku for each in storm})
    for each in found:
        assert 1 <= len(each.named) <= 10
        assert digest_message(each, "zh").title
