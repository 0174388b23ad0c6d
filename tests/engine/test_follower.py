"""Commits of several servers in order: ours at once when they come next, else after what came between."""

import asyncio
from collections.abc import Sequence

from holdfast.engine.follower import Follower
from holdfast.ledger.state import State
from holdfast.ledger.views import StockView, stock_view
from holdfast.storage.contract import Followed, Head


class FakeNews:
    """Tells what a test put there, each thing once."""

    def __init__(self, head: int) -> None:
        self.at = head
        self.found: Followed | None = None
        self.closed = False

    def head(self) -> Head:
        return Head(self.at, 0)

    def follow(self, after: int) -> Followed | None:
        found, self.found = self.found, None
        return found

    def close(self) -> None:
        self.closed = True


class Listener:
    """Notes what it is told, in order."""

    def __init__(self, news: FakeNews) -> None:
        self.told: list[str] = []
        self.follower = Follower(news, self.own, self.others, self.late)

    def own(self, state: State) -> None:
        self.told.append(f"own {state.commit_number}")

    def others(self, commits: Sequence[State] | None, stocks: Sequence[StockView]) -> None:
        numbers = None if commits is None else [state.commit_number for state in commits]
        self.told.append(f"commits {numbers} stock {[view.version for view in stocks]}")

    def late(self, state: State) -> None:
        self.told.append(f"late {state.commit_number}")


def state(number: int) -> State:
    return State(number, number)


def stock(version: int) -> StockView:
    view = stock_view(f"S{version}", ())
    view.version = version
    return view


def test_ours_go_out_at_once_and_wait_for_what_came_between() -> None:
    async def run() -> None:
        news = FakeNews(10)
        listener = Listener(news)
        follower = listener.follower
        await follower.start()
        follower.own(state(11))
        assert (listener.told, follower.seen) == (["own 11"], 11)
        # 12 and 14 are another server's.
        follower.own(state(13))
        follower.own(state(15))
        assert listener.told == ["own 11"]
        news.found = Followed(14, [state(12), state(14)], [stock(12), stock(13), stock(14)])
        await follower.catch_up()
        assert listener.told[1:] == ["commits [12, 13, 14] stock [12, 13, 14]", "own 15"]
        assert follower.seen == 15
        follower.own(state(16))
        assert listener.told[-1] == "own 16"
        await follower.stop()
        assert news.closed

    asyncio.run(run())


def test_one_of_ours_that_was_read_before_we_heard_of_it_is_told_of_without_its_stock() -> None:
    async def run() -> None:
        news = FakeNews(10)
        listener = Listener(news)
        await listener.follower.start()
        news.found = Followed(12, [state(11)], [stock(11), stock(12)])
        await listener.follower.catch_up()
        listener.follower.own(state(12))
        assert listener.told == ["commits [11] stock [11, 12]", "late 12"]
        await listener.follower.stop()

    asyncio.run(run())


def test_what_is_no_longer_on_file_is_told_by_its_stock_alone() -> None:
    async def run() -> None:
        news = FakeNews(10)
        listener = Listener(news)
        await listener.follower.start()
        listener.follower.own(state(50))
        news.found = Followed(90, None, [stock(50), stock(90)])
        await listener.follower.catch_up()
        assert listener.told == ["commits None stock [50, 90]"]
        listener.follower.own(state(91))
        assert listener.told[-1] == "own 91"
        await listener.follower.stop()

    asyncio.run(run())
