"""The feed's waiting room: the newest value per item, in order of commits, filtered."""

import asyncio

from holdfast.ledger.accounts import AccountKey, AccountKind
from holdfast.ledger.state import State
from holdfast.live.feed import Change, Feed, Subscription


def commit(number: int, *skus: str, channel: str = "shop") -> State:
    """A commit that changed these items."""
    state = State(number, 0, balances_of=set(skus))
    for sku in skus:
        account = state.account(sku, "main", AccountKind.CHANNEL, channel)
        account.posted = number
        state.touch(account)
    return state


def drained(subscription: Subscription) -> list[Change]:
    return asyncio.run(subscription.next(0.01))


def test_a_slow_watcher_finds_the_newest_value_of_each_item_in_order_of_commits() -> None:
    feed = Feed()
    watcher = feed.subscribe()
    for number, sku in enumerate(["A", "B", "A", "C", "A", "B"], start=1):
        feed.publish(commit(number, sku))
    changes = drained(watcher)
    assert [(change.view.sku, change.version) for change in changes] == [("C", 4), ("A", 5), ("B", 6)]
    assert drained(watcher) == []


def test_the_json_is_made_once_for_all_who_watch() -> None:
    feed = Feed()
    watchers = [feed.subscribe() for _ in range(3)]
    feed.publish(commit(1, "A"))
    texts = [drained(watcher)[0].json() for watcher in watchers]
    assert texts[0] is texts[1] is texts[2]


def test_filters_and_an_account_that_was_only_looked_at() -> None:
    feed = Feed()
    by_sku, by_channel, everything = feed.subscribe("A"), feed.subscribe(None, "other"), feed.subscribe()
    state = commit(1, "A", "B")
    state.account("B", "main", AccountKind.CHANNEL, "other")
    feed.publish(state)
    assert [change.view.sku for change in drained(by_sku)] == ["A"]
    assert drained(by_channel) == [], "a refused command looked at other's account, and none was made"
    assert len(drained(everything)[1].view.accounts) == 1
    assert AccountKey("B", "main", AccountKind.CHANNEL, "other") in state.accounts


def test_who_left_is_told_nothing_and_the_end_wakes_all() -> None:
    feed = Feed()
    gone, kept = feed.subscribe(), feed.subscribe()
    feed.unsubscribe(gone)
    feed.publish(commit(1, "A"))
    assert drained(gone) == []
    assert feed.watchers == 1
    assert len(drained(kept)) == 1
    feed.close()
    assert kept.closed
    assert asyncio.run(asyncio.wait_for(kept.next(10), 1)) == []
    assert feed.subscribe().closed, "nobody begins to watch what has ended"


def test_changed_documents_are_announced_once_each_to_who_asked() -> None:
    feed = Feed()
    asked, plain = feed.subscribe(documents=True), feed.subscribe()
    for id in ("s1", "s2", "s1"):
        feed.announce("show", id)
    assert drained(asked) == [], "it wakes without a change of stock"
    assert asked.announced() == [("show", "s1"), ("show", "s2")]
    assert asked.announced() == plain.announced() == []
