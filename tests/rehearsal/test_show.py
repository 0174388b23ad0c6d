"""Whole shows: what the measures say, and that the checks catch a core that breaks the rules."""

from dataclasses import replace

import msgspec
import pytest

from holdfast.rehearsal.baselines import BASELINES, StaticSplit, split
from holdfast.rehearsal.data import evening_show
from holdfast.rehearsal.generate import generate
from holdfast.rehearsal.scenario import Scenario, Sku
from holdfast.rehearsal.show import Show
from holdfast.sync.core import Core
from holdfast.sync.messages import (
    Answered,
    Commit,
    Effects,
    Event,
    ListingId,
    Move,
    Operation,
    Outcome,
    Started,
    Woke,
    Write,
    WriteStatus,
)
from tests.rehearsal.shows import EXACT, buyer, platform, returns_to_seller, scenario


class Idle:
    """A core that does nothing: the counters stay as they are."""

    def handle(self, event: Event, now_s: float) -> Effects:
        return Effects()


def standing(show: Scenario, **initial: int) -> Scenario:
    """The show with units on the counters from the start."""
    return msgspec.structs.replace(show, skus=(Sku("cup", show.skus[0].stock, initial=initial),))


def test_the_figures_of_a_show_computed_by_hand() -> None:
    show = standing(
        scenario(platform("douyin"), platform("taobao"), stock=4, horizon_s=30), douyin=1, taobao=3
    )
    everybody = [buyer(2), buyer(4), buyer(6, "taobao"), buyer(8), buyer(10, "taobao")]
    figures = Show(show, make_core=Idle, everybody=everybody).play().figures
    # douyin sells its one at 2 s and turns two away; taobao sells two of three. The best: four, out at 8 s.
    assert (figures.sold, figures.served, figures.all_knowing, figures.ratio) == (3, 3, 4, 0.75)
    assert figures.bell == 2 / 4
    assert figures.stranded == 1
    assert figures.phantom_s == pytest.approx(28)
    assert figures.phantom1_lost_pct == pytest.approx(40)
    assert (figures.oversold, figures.violations, figures.calls) == (0, 0, 0)


@pytest.mark.parametrize("to_seller", [False, True])
def test_units_of_an_undone_order_go_where_the_scenario_says(to_seller: bool) -> None:
    show = standing(scenario(platform(), stock=3), douyin=2)
    if to_seller:
        show = msgspec.structs.replace(show, cancel=returns_to_seller())
    play = Show(show, make_core=Idle, everybody=[buyer(2, quantity=2, undone_after_s=3)])
    assert play.play().problems == []
    assert (play.world.platforms["douyin"].counters["cup"], play.book.pools["cup"]) == (
        (0, 3) if to_seller else (2, 1)
    )
    assert play.unequal() == []


def test_the_same_show_again_is_the_same() -> None:
    figures = [Show(generate("drop", 3), rep).play().figures for rep in (0, 0, 1)]
    assert figures[0] == figures[1] != figures[2]


def test_on_the_viral_show_a_mirror_oversells_a_split_strands_and_the_core_does_neither() -> None:
    show = evening_show()
    ours = Show(show).play()
    mirror = Show(show, make_core=BASELINES["mirror"], keeps_rights=False).play().figures
    static = Show(show, make_core=BASELINES["static"]).play()
    assert (ours.problems, ours.figures.oversold, ours.figures.violations) == ([], 0, 0)
    assert ours.figures.bell > 0.99
    assert mirror.oversold > 10
    assert mirror.violations > 1_000
    assert (static.problems, static.figures.oversold) == ([], 0)
    assert static.figures.bell < 0.9
    assert static.figures.stranded > 500


def test_a_split_is_whole_and_in_proportion() -> None:
    assert split(10, [1.0, 1.0, 2.0]) == [2, 3, 5] or sum(split(10, [1.0, 1.0, 2.0])) == 10
    assert split(7, [0.0001, 1.0]) == [0, 7]
    assert split(0, [1.0, 2.0]) == [0, 0]


class CallsBeforeCommit(Core):
    """Grants are sent at once, and go on file never."""

    def handle(self, event: Event, now_s: float) -> Effects:
        effects = super().handle(event, now_s)
        for commit in effects.commits:
            if any(move.reason == "grant" for move in commit.moves):
                effects.calls.extend(commit.calls)
        effects.commits = [c for c in effects.commits if not any(move.reason == "grant" for move in c.moves)]
        return effects


class TrustsSilence(StaticSplit):
    """Takes units back as if they had never arrived when it does not hear of a grant."""

    def _answered(self, write: Write, event: Answered, effects: Effects) -> None:
        if event.outcome is not Outcome.UNKNOWN:
            super()._answered(write, event, effects)
            return
        moves = (Move(self._name(), write.listing, -write.change, "grant_undone"),)
        settled = replace(write, status=WriteStatus.REFUSED)
        effects.commits.append(Commit(self._name(), moves, (settled,)))


class TakesBackUnheard(Core):
    """Recalls half of every right without asking the platform."""

    def handle(self, event: Event, now_s: float) -> Effects:
        effects = super().handle(event, now_s)
        if isinstance(event, Woke) and now_s > 10:
            for channel, rights in self.rights().items():
                for listing, right in rights.items():
                    name = f"bad-{channel}-{now_s}"
                    move = Move(name, ListingId(channel, listing), -(right // 2), "recall")
                    effects.commits.append(Commit(name, (move,)))
        return effects


def test_a_core_that_calls_before_it_commits_is_caught() -> None:
    played = Show(generate("drop", 1), make_core=CallsBeforeCommit).play()
    assert any("without being open on file" in problem for problem in played.problems)
    assert any("right 0" in problem for problem in played.problems)


def test_a_core_that_takes_silence_for_a_no_is_caught() -> None:
    deaf = platform(api=msgspec.structs.replace(EXACT, p_lost_response=1.0))
    played = Show(scenario(deaf, stock=10), make_core=TrustsSilence, everybody=[]).play()
    assert "counter 10 and 0 sold unheard, right 0" in played.problems[0]


def test_a_core_that_takes_back_what_it_did_not_ask_for_is_caught() -> None:
    played = Show(generate("drop", 1), make_core=TakesBackUnheard).play()
    assert any("sold unheard" in problem for problem in played.problems)


class Forgets(Core):
    """Its grants are on file, and never sent."""

    def handle(self, event: Event, now_s: float) -> Effects:
        effects = super().handle(event, now_s)
        effects.commits = [replace(c, calls=(), writes=()) if c.moves else c for c in effects.commits]
        effects.calls = [call for call in effects.calls if call.write is None]
        return effects


def test_a_right_that_never_reached_its_counter_shows_after_quiet() -> None:
    play = Show(generate("small", 1), make_core=Forgets)
    assert play.play().problems == []
    assert play.unequal()


def test_a_dead_process_hears_nothing_and_begins_with_what_is_on_file() -> None:
    sessions: list[Started] = []

    class Watched(Core):
        def handle(self, event: Event, now_s: float) -> Effects:
            if isinstance(event, Started):
                sessions.append(event)
            return super().handle(event, now_s)

    play = Show(scenario(platform(), stock=20), make_core=Watched, everybody=[buyer(6), buyer(7), buyer(20)])
    play.world.timeline.at(5.9, play.driver.crash)
    assert play.play().problems == []
    play.world.settle(60)
    assert [event.session for event in sessions] == ["s1", "s2"]
    assert sessions[1].listings[0].right + sessions[1].pools["cup"] == 20
    assert play.book.sold["cup"] == 3, "the orders made meanwhile were found"
    assert play.unequal() == []


def test_calls_that_meet_an_expired_token_are_repeated_after_one_refresh() -> None:
    play = Show(scenario(platform(), stock=20), everybody=[buyer(6)])
    play.world.timeline.at(-4.99, play.world.expire_token, "douyin")
    play.world.timeline.at(3.0, play.world.expire_token, "douyin")
    assert play.play().problems == []
    assert not play.world.platforms["douyin"].token_expired
    assert play.measures.figures().served == 1


def test_a_mirror_sets_and_a_split_adds() -> None:
    for name, operation in (("mirror", Operation.SET), ("static", Operation.ADD)):
        used: set[Operation] = set()
        play = Show(
            scenario(platform(), stock=20),
            make_core=BASELINES[name],
            keeps_rights=name != "mirror",
            everybody=[],
        )
        send = play.world.send

        def watched(request, send=send, used=used):  # type: ignore[no-untyped-def]
            used.add(request.operation)
            send(request)

        play.world.send = watched  # type: ignore[method-assign]
        play.play()
        assert operation in used
        assert play.world.platforms["douyin"].counters["cup"] == 20
