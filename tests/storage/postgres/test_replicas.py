"""What several servers on one database tell each other: commits as they were made, and who may write."""

import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from holdfast.ledger.commands import ConfirmHold, PutSku, ReleaseHold
from holdfast.ledger.state import State
from holdfast.storage.contract import StoreFenced
from holdfast.storage.postgres import PostgresNews, PostgresPost, PostgresStore
from holdfast.storage.postgres.news import FOLLOWED_MAX
from holdfast.storage.postgres.post import STALE_S
from tests.conformance.trade import ACTOR, move, place
from tests.fakes.batches import decide

OURS, THEIRS = 1, 2


@pytest.fixture
def other(url: str, store: PostgresStore) -> Iterator[PostgresStore]:
    other = PostgresStore(url, THEIRS)
    other.open()
    yield other
    other.close()


@pytest.fixture
def news(url: str) -> Iterator[PostgresNews]:
    with closing(PostgresNews(url, OURS)) as news:
        yield news


def commits(news: PostgresNews, after: int) -> list[State]:
    found = news.follow(after)
    assert found is not None
    assert found.commits is not None
    return found.commits


def test_a_commit_is_told_as_its_own_server_saw_it(other: PostgresStore, news: PostgresNews) -> None:
    after = news.head().commit_number
    decide(
        other,
        [place("n1", ("A", 2)), place("n2", ("KIT", 1)), move("t9", "B", "supplier", "reserve", 4)],
        2_000,
    )
    decide(other, [ConfirmHold("n1", ACTOR), ReleaseHold("n2", ACTOR)], 3_000)
    decide(other, [PutSku("A", "new name", ACTOR)], 4_000)
    first, second, third = commits(news, after)
    assert [first.commit_number, second.commit_number, third.commit_number] == [
        after + 1,
        after + 2,
        after + 3,
    ]
    assert [hold.id for hold in first.changes.new_holds] == ["n1", "n2"]
    assert [item.id for item in first.changes.transfers] == ["t9"]
    assert {key.sku for key in first.changes.accounts} == {"A", "B"}
    assert [(hold.id, hold.status) for hold in second.changes.settled_holds] == [
        ("n1", "confirmed"),
        ("n2", "released"),
    ]
    assert [(item.sku, item.quantity) for item in second.changes.transfers] == [("A", 2)]
    assert third.changes.skus["A"].name == "new name"
    assert (first.now_us, third.now_us) == (2_000, 4_000)


def test_our_own_commits_are_left_out_but_their_stock_is_told(
    url: str, news: PostgresNews, other: PostgresStore
) -> None:
    ours = PostgresStore(url, OURS)
    ours.open()
    after = news.head().commit_number
    decide(other, [place("n1", ("A", 1))], 2_000)
    decide(ours, [place("n2", ("B", 1))], 2_000)
    found = news.follow(after)
    assert found is not None
    assert found.commits is not None
    assert [state.commit_number for state in found.commits] == [after + 1]
    assert [(view.sku, view.version) for view in found.stocks] == [("A", after + 1), ("B", after + 2)]
    assert news.follow(found.number) is None
    ours.close()


def test_who_is_far_behind_reads_the_stock_alone(url: str, other: PostgresStore, news: PostgresNews) -> None:
    """Be it that the news were thrown away, or that they are too many to go through one by one."""
    after = news.head().commit_number
    decide(other, [place("n1", ("A", 1))], 2_000)
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM news")
    found = news.follow(after)
    assert found is not None
    assert (found.commits, [view.sku for view in found.stocks]) == (None, ["A"])
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE head SET commit_number = commit_number + %s", (FOLLOWED_MAX,))
    many = news.follow(after)
    assert many is not None
    assert many.commits is None


def test_the_post_is_one_server_s_until_it_dies_and_what_it_writes_then_is_refused(
    url: str, store: PostgresStore
) -> None:
    first, second = PostgresPost(url), PostgresPost(url)
    taken = first.look("http://first", wants=True)
    assert taken.token is not None
    assert second.look("http://second", wants=True) == (None, "http://first", False)
    store.fence(taken.token)
    decide(store, [place("n1", ("A", 1))], 2_000)
    kill_session(first)
    moved = second.look("http://second", wants=True)
    assert moved.token == taken.token + 1
    with pytest.raises(StoreFenced, match="taken over"):
        store.begin()
    assert lost_after_a_while(first)
    store.fence(None)
    decide(store, [place("n2", ("A", 1))], 2_000)
    second.leave()
    assert first.look("http://first", wants=False) == (None, "", False)


def test_a_session_that_was_lost_and_taken_by_nobody_goes_on_under_its_number(
    url: str, store: PostgresStore
) -> None:
    post = PostgresPost(url)
    token = post.look("http://first", wants=True).token
    kill_session(post)
    with pytest.raises(Exception, match="lost"):
        post.look("http://first", wants=True)
    assert post.look("http://first", wants=True).token == token
    post.leave()


def test_who_says_nothing_for_long_is_cut_off(url: str, store: PostgresStore) -> None:
    first, second = PostgresPost(url), PostgresPost(url)
    first.look("http://first", wants=True)
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE worker SET beat_at = beat_at - make_interval(secs => %s::float8)", (STALE_S + 1,)
        )
    taken = threading.Event()
    while second.look("http://second", wants=True).token is None:
        assert not taken.wait(0.01)
    assert lost_after_a_while(first)
    second.leave()


def kill_session(post: PostgresPost) -> None:
    """What the death of its process does."""
    assert post._connection is not None
    pid = post._connection.info.backend_pid
    with psycopg.connect(post._url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def lost_after_a_while(post: PostgresPost) -> bool:
    """The first look finds the connection gone, the next one that another has the post."""
    with pytest.raises(Exception, match="lost"):
        post.look("http://first", wants=True)
    return post.look("http://first", wants=True).lost
