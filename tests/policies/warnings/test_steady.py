"""What holds for any numbers: no ping-pong, no silence when sold out, no second telling, no endless noise."""

from hypothesis import given
from hypothesis import strategies as st

from holdfast.policies.warnings import Kind, Level, Lines, State, Tier, View, evaluate
from tests.policies.warnings.shows import watch

QUICK = Lines(quiet_s=0.0, escalate_after_s=1e9)
views = st.builds(
    View,
    sku=st.just("A1"),
    available=st.integers(-5, 3_000),
    peak=st.integers(0, 3_000),
    reserve=st.integers(0, 500),
    taken_per_minute=st.one_of(st.just(0.0), st.floats(0.01, 5_000)),
    debt=st.one_of(st.just(0), st.integers(0, 50)),
)
walks = st.lists(st.tuples(st.floats(0, 400), views), max_size=30)


def looks(walk: list[tuple[float, View]]) -> list[tuple[float, View]]:
    """The pauses of a walk, added up."""
    now_s, found = 0.0, []
    for pause_s, view in walk:
        now_s += pause_s
        found.append((now_s, view))
    return found


@given(
    peak=st.integers(100, 5_000),
    percent=st.sampled_from([20, 10, 5]),
    noise=st.lists(st.integers(-2, 2), min_size=1, max_size=60),
)
def test_numbers_that_tremble_at_a_line_are_told_once(peak: int, percent: int, noise: list[int]) -> None:
    line = peak * percent // 100
    _, told = watch((float(step), View("A1", line + each, peak)) for step, each in enumerate(noise))
    _, untimed = watch(
        ((float(step), View("A1", line + each, peak)) for step, each in enumerate(noise)), QUICK
    )
    for warnings in (told, untimed):
        assert all(each.kind in (Kind.RAISED, Kind.ESCALATED) for each in warnings)
        raised = [(each.tier, each.figures.line) for each in warnings if each.kind is Kind.RAISED]
        assert len(raised) == len(set(raised))


@given(
    available=st.integers(1, 5_000),
    wobble=st.lists(st.floats(-0.15, 0.15), min_size=1, max_size=60),
)
def test_a_speed_that_trembles_is_told_once(available: int, wobble: list[float]) -> None:
    at_the_line = available / QUICK.empty_soon_s * 60.0
    _, told = watch(
        (
            (float(step), View("A1", available, 0, taken_per_minute=at_the_line * (1 + each)))
            for step, each in enumerate(wobble)
        ),
        QUICK,
    )
    assert len(told) <= 1


@given(walks, views)
def test_the_same_look_again_tells_nothing(walk: list[tuple[float, View]], view: View) -> None:
    state, _ = watch(looks(walk))
    now_s = 20_000.0
    once = evaluate(view, Lines(), state, now_s)
    again = evaluate(view, Lines(), once.state, now_s)
    assert again.warning is None
    assert again.state == once.state


@given(walks, st.integers(-5, 0), st.integers(1, 3_000), st.floats(0, 400))
def test_sold_out_is_never_silent(
    walk: list[tuple[float, View]], available: int, peak: int, pause_s: float
) -> None:
    seen = looks(walk)
    now_s = (seen[-1][0] if seen else 0.0) + pause_s
    state, told = watch([*seen, (now_s, View("A1", available, peak))])
    assert state.standing is not None
    assert state.standing.tier in (Tier.SOLD_OUT, Tier.OVERSOLD)
    assert state.standing.level is Level.CRITICAL
    assert state.standing.told_at_s is not None
    assert told[-1].tier in (Tier.SOLD_OUT, Tier.OVERSOLD)
    assert told[-1].kind is not Kind.CLEARED


@given(walks)
def test_what_is_told_and_what_stands_agree(walk: list[tuple[float, View]]) -> None:
    state = State()
    heard = False
    for now_s, view in looks(walk):
        outcome = evaluate(view, Lines(), state, now_s)
        warning, standing = outcome.warning, outcome.state.standing
        if warning is not None and warning.kind is Kind.CLEARED:
            assert heard, "only what was heard can be cleared"
            assert standing is None
            heard = False
        elif warning is not None:
            assert standing is not None
            assert (standing.tier, standing.level) == (warning.tier, warning.level)
            heard = True
        state = outcome.state


@given(views, st.integers(0, 5))
def test_left_alone_a_sku_is_told_a_bounded_number_of_times(view: View, escalations_max: int) -> None:
    lines = Lines(escalations_max=escalations_max)
    _, told = watch(((float(now_s), view) for now_s in range(0, 36_000, 100)), lines)
    assert len(told) <= 1 + escalations_max
