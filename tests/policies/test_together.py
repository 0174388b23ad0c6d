"""All rules on one SKU at once: they come to rest, and no unit goes back and forth by themselves."""

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
                st.booleans(),
            ),
            max_size=3,
        ),
        "hands": st.lists(
            st.tuples(
                st.integers(0, SECONDS - 1),
                st.sampled_from(["sale", "sale", "freeze", "unfreeze", "recall", "keep", "goods"]),
                st.sampled_from(NAMES),
                st.integers(1, 120),
            ),
            max_size=8,
        ),
        "ends_at": st.integers(0, SECONDS),
        "opened": st.booleans(),
    }
)


class Evening:
    """One SKU: every move is a rule's, or a buyer's or a person's, and checked as the ledger would."""

    def __init__(self, pool: int, kept: int, have: list[int], rates: list[float], opened: bool) -> None:
        self.pool, self.kept = pool, kept
        self.have = dict(zip(NAMES, have, strict=True))
        self.rates = dict(zip(NAMES, rates, strict=True))
        self.opened = opened
        self.memory = reserve.Memory()
        self.directions: dict[str, set[bool]] = {}
        """Of each channel since something last came from outside: whether it gained, whether it gave."""
        self.frozen = False
        """By the exposure guard, or a person: what platforms have is called back, nothing is dealt."""
        self.fenced: dict[str, int] = {}
        """Units of drops that are open on a connected platform's counter; its listing is theirs alone."""
        self.gone = 0
        self.left_to_sell = 0
        """Of the last step of the reserve: no other one is opened while some of it is there."""

    def total(self) -> int:
        return self.pool + self.kept + sum(self.have.values()) + sum(self.fenced.values()) + self.gone

    def happens(self, what: str, name: str, units: int) -> None:
        """Something that is no rule's doing; a person moves no more than there is, and nothing of a drop."""
        if what == "sale":
            taken = 0 if self.frozen else min(units, self.have[name])
            self.have[name] -= taken
            self.gone += taken
            self.left_to_sell -= taken
        elif what in ("freeze", "unfreeze"):
            self.frozen = what == "freeze"
        elif what == "recall" and name not in self.fenced:
            self.pool, self.have[name] = self.pool + self.have[name], 0
        elif what == "keep":
            moved = min(units, self.pool)
            self.pool, self.kept = self.pool - moved, self.kept + moved
            self.left_to_sell -= moved
        elif what == "goods":
            self.pool += units
            self.gone -= units
        self.arrived()

    def stop(self) -> int:
        """What the sync does with a frozen item: all is called back, once."""
        moved = 0
        for name in NAMES:
            if self.have[name] and name not in self.fenced:
                self.pool, self.have[name], moved = self.pool + self.have[name], 0, moved + 1
        return moved

    def arrived(self) -> None:
        """Units came from outside the dealing: from here on a channel may be dealt to anew."""
        self.directions = {}

    def allocate(self) -> int:
        """Carry out what the allocation proposes; how many moves that were."""
        if self.frozen:
            return self.stop()
        lines = [self._line(name) for name in NAMES if name not in self.fenced]
        moved = 0
        for move in propose(View(self.pool, lines, self.opened), TIME_SCALES_S, Tuning()).moves:
            name: Any = move.key
            self.pool -= move.units
            self.have[name] += move.units
            assert name not in self.fenced, "the listing belongs to a drop"
            assert self.pool >= 0, "the ledger would refuse the grant"
            assert self.have[name] >= 0, "the ledger would refuse the recall"
            seen = self.directions.setdefault(name, set())
            seen.add(move.units > 0)
            assert len(seen) == 1, f"{name} gained and gave without a sale in between"
            moved += 1
        return moved

    def look_at_reserve(self, now_s: float) -> None:
        if self.frozen:
            return
        available = self.pool + sum(self.have.values()) + sum(self.fenced.values())
        view = reserve.View(now_s, available, 0, self.kept, sum(self.rates.values()), now_s, 500)
        verdict = reserve.decide(view, self.memory)
        self.memory = verdict.memory
        assert 0 <= verdict.units <= self.kept, "the ledger would refuse the step"
        if verdict.units:
            assert available == 0
            assert self.left_to_sell <= 0, "a step while the one before it is not sold"
            self.left_to_sell = verdict.units
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
    drops, hands, ends_at = (situation.pop(name) for name in ("drops", "hands", "ends_at"))
    evening = Evening(**situation)
    total = evening.total() + sum(units for _, _, units, *_ in drops)
    unsold = {number: units for number, (_, _, units, *_) in enumerate(drops)}
    last_move_s, fenced = 0, dict[str, int]()
    for second in range(SECONDS + QUIET_S):
        for at_s, what, name, units in hands:
            if second == at_s:
                evening.happens(what, name, units)
        for number, (opens_s, closes_s, units, channel, connected) in enumerate(drops):
            if connected:
                # One at a time on a listing: the second waits, and is given up here.
                if second == opens_s and channel not in evening.fenced:
                    evening.fenced[channel] = unsold.pop(number)
                    fenced[channel] = number
                    evening.arrived()
                if second == closes_s and fenced.get(channel) == number:
                    del fenced[channel]
                    evening.pool += evening.fenced.pop(channel)
                    evening.arrived()
                continue
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
