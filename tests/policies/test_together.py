"""All rules on one SKU at once: they come to rest, and no unit goes back and forth without a sale."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.policies import reserve
from holdfast.policies.allocation import Line, Tuning, View, propose
from holdfast.policies.demand import TIME_SCALES_S

NAMES = ("one", "two", "three")
SECONDS = 90
QUIET_S = 30
"""Nothing comes from outside in the last seconds."""
_SCALES = len(TIME_SCALES_S)

situations = st.fixed_dictionaries(
    {
        "pool": st.just(0) | st.integers(0, 500),
        "kept": st.integers(0, 200),
        "have": st.just([0, 0, 0]) | st.lists(st.integers(0, 200), min_size=3, max_size=3),
        "rates": st.lists(st.floats(0.01, 50), min_size=3, max_size=3),
        "drops": st.lists(
            st.tuples(
                st.integers(0, 20),
                st.integers(20, SECONDS - QUIET_S),
                st.integers(1, 100),
                st.sampled_from(NAMES),
            ),
            max_size=3,
        ),
        "ends_at": st.integers(0, SECONDS),
        "opened": st.booleans(),
    }
)


class Evening:
    """One SKU without a buyer: every move is a rule's, and checked as the ledger would."""

    def __init__(self, pool: int, kept: int, have: list[int], rates: list[float], opened: bool) -> None:
        self.pool, self.kept = pool, kept
        self.have = dict(zip(NAMES, have, strict=True))
        self.rates = dict(zip(NAMES, rates, strict=True))
        self.opened = opened
        self.memory = reserve.Memory()
        self.directions: dict[str, set[bool]] = {}
        """Of each channel since something last came from outside: whether it gained, whether it gave."""
        self.steps = 0

    def total(self) -> int:
        return self.pool + self.kept + sum(self.have.values())

    def arrived(self) -> None:
        """Units came from outside the dealing: from here on a channel may be dealt to anew."""
        self.directions = {}

    def allocate(self) -> int:
        """Carry out what the allocation proposes; how many moves that were."""
        lines = [self._line(name) for name in NAMES]
        moved = 0
        for move in propose(View(self.pool, lines, self.opened), TIME_SCALES_S, Tuning()).moves:
            name: Any = move.key
            self.pool -= move.units
            self.have[name] += move.units
            assert self.pool >= 0, "the ledger would refuse the grant"
            assert self.have[name] >= 0, "the ledger would refuse the recall"
            seen = self.directions.setdefault(name, set())
            seen.add(move.units > 0)
            assert len(seen) == 1, f"{name} gained and gave without a sale in between"
            moved += 1
        return moved

    def look_at_reserve(self, now_s: float) -> None:
        available = self.pool + sum(self.have.values())
        view = reserve.View(now_s, available, 0, self.kept, sum(self.rates.values()), now_s, 500)
        verdict = reserve.decide(view, self.memory)
        self.memory = verdict.memory
        assert 0 <= verdict.units <= self.kept, "the ledger would refuse the step"
        if verdict.units:
            assert available == 0
            self.steps += 1
            self.give_back(verdict.units)

    def give_back(self, units: int) -> None:
        """Out of the reserve: by a step, or by the end of the show."""
        if units:
            self.kept -= units
            self.pool += units
            self.arrived()

    def _line(self, name: str) -> Line:
        return Line(
            name,
            float(self.have[name]),
            [self.rates[name]] * _SCALES,
            [500.0] * _SCALES,
            0.0,
            0,
            0.2,
            0.3,
            0.0,
            grantable=self.pool,
            recallable=True,
        )


@settings(max_examples=150, deadline=None)
@given(situations)
def test_all_rules_together_come_to_rest_and_never_send_units_back_and_forth(
    situation: dict[str, Any],
) -> None:
    drops, ends_at = situation.pop("drops"), situation.pop("ends_at")
    evening = Evening(**situation)
    total = evening.total() + sum(units for _, _, units, _ in drops)
    unsold = {number: units for number, (_, _, units, _) in enumerate(drops)}
    last_move_s = 0
    for second in range(SECONDS + QUIET_S):
        for number, (opens_s, closes_s, units, channel) in enumerate(drops):
            if second == opens_s:
                # Half of it goes on sale, the rest waits for the close, as a drop in parts does.
                evening.have[channel] += units - units // 2
                unsold[number] = units // 2
                evening.arrived()
            if second == closes_s:
                evening.pool += unsold.pop(number)
                evening.arrived()
        if second == ends_at:
            evening.give_back(evening.kept)
        evening.look_at_reserve(float(second))
        if evening.allocate():
            last_move_s = second
        assert evening.total() + sum(unsold.values()) == total
    assert last_move_s < SECONDS + QUIET_S - 10, "it never comes to rest"
    assert evening.steps <= 1, "without a sale what was opened is still there"
