"""`verify` finds each kind of damage, and names what is damaged."""

from collections.abc import Callable

import pytest

from holdfast.ledger.records import CountKey
from holdfast.storage.contract import Difference, Reader, Store
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import move, open_shop
from tests.fakes.batches import decide

MINE = CountKey("A", "show1", "ann", "douyin")
Damage = Callable[[StoreUnderTest], None]


def both(*damages: Damage) -> Damage:
    def do(it: StoreUnderTest) -> None:
        for damage in damages:
            damage(it)

    return do


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.strip().splitlines()}


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a balance": (
        lambda it: it.set_account("A", "unallocated", 41, 0),
        """posted: A main unallocated is 41, not 40
        zero_sum: A is 1, not 0""",
    ),
    "two balances that make up for each other": (
        both(
            lambda it: it.set_account("A", "unallocated", 41, 0),
            lambda it: it.set_account("A", "supplier", -101, 0),
        ),
        """posted: A main unallocated is 41, not 40
        posted: A main supplier is -101, not -100""",
    ),
    "a balance below zero": (
        lambda it: it.set_account("A", "unallocated", -1, 0),
        """posted: A main unallocated is -1, not 40
        zero_sum: A is -41, not 0
        bounds: A main unallocated is posted -1, held 0, not 0 <= held <= posted""",
    ),
    "an account that never was": (
        lambda it: it.set_account("A", "reserve", 5, 0),
        """posted: A main reserve is 5, not 0
        zero_sum: A is 5, not 0""",
    ),
    "an account that is gone": (
        lambda it: it.delete_account("B", "channel:kuaishou"),
        """posted: B main channel:kuaishou is 0, not 10
        zero_sum: B is -10, not 0""",
    ),
    "units held by nobody": (
        lambda it: it.set_account("A", "channel:douyin", 55, 9),
        "held: A main channel:douyin is 9, not 8",
    ),
    "units held where nothing was": (
        lambda it: it.set_account("B", "channel:kuaishou", 10, 1),
        "held: B main channel:kuaishou is 1, not 0",
    ),
    "more held than there is": (
        lambda it: it.set_account("A", "channel:douyin", 55, 56),
        """held: A main channel:douyin is 56, not 8
        bounds: A main channel:douyin is posted 55, held 56, not 0 <= held <= posted""",
    ),
    "fewer than none held": (
        lambda it: it.set_account("A", "channel:douyin", 55, -1),
        """held: A main channel:douyin is -1, not 8
        bounds: A main channel:douyin is posted 55, held -1, not 0 <= held <= posted""",
    ),
    "a transfer that is gone": (
        lambda it: it.delete_transfer(2),
        """posted: A main unallocated is 40, not 100
        posted: A main channel:douyin is 55, not -5""",
    ),
    "a transfer of another quantity": (
        lambda it: it.set_transfer_quantity(4, 11),
        """posted: B main supplier is -40, not -41
        posted: B main channel:kuaishou is 10, not 11""",
    ),
    "a leg of a confirmed hold that is gone": (
        lambda it: it.delete_transfer(6),
        """posted: B main channel:douyin is 29, not 30
        posted: B main committed:douyin is 1, not 0
        confirmed: hold sold B is 0, not 1""",
    ),
    "a leg of another quantity, and the balances made to fit": (
        both(
            lambda it: it.set_transfer_quantity(6, 2),
            lambda it: it.set_account("B", "channel:douyin", 28, 2),
            lambda it: it.set_account("B", "committed:douyin", 2, 0),
        ),
        "confirmed: hold sold B is 2, not 1",
    ),
    "an open hold that was released without giving back": (
        lambda it: it.set_status("open", "released"),
        """held: A main channel:douyin is 8, not 5
        counts: buyer ann of A in show1 at douyin is 9, not 6
        counts: buyer ann-key of A in show1 at * is 9, not 6""",
    ),
    "an open bundle that was confirmed without moving": (
        lambda it: it.set_status("kit", "confirmed"),
        """held: A main channel:douyin is 8, not 3
        held: B main channel:douyin is 2, not 0
        confirmed: hold kit A is 0, not 5
        confirmed: hold kit B is 0, not 2""",
    ),
    "a sold hold that expired": (
        lambda it: it.set_status("sold", "expired"),
        """confirmed: hold sold A is 5, not 0
        confirmed: hold sold B is 1, not 0
        counts: buyer ann of A in show1 at douyin is 9, not 4
        counts: buyer ann-key of A in show1 at * is 9, not 4""",
    ),
    "a hold that is gone": (
        lambda it: it.delete_hold("kit"),
        """held: A main channel:douyin is 8, not 3
        held: B main channel:douyin is 2, not 0
        counts: buyer ann of A in show1 at douyin is 9, not 8
        counts: buyer ann-key of A in show1 at * is 9, not 8""",
    ),
    "a counter": (
        lambda it: it.set_count(MINE, 4),
        "counts: buyer ann of A in show1 at douyin is 4, not 9",
    ),
    "a counter that is gone": (
        lambda it: it.delete_count(MINE),
        "counts: buyer ann of A in show1 at douyin is 0, not 9",
    ),
    "a counter of nobody's": (
        lambda it: it.set_count(MINE._replace(buyer="eve"), 1),
        "counts: buyer eve of A in show1 at douyin is 1, not 0",
    ),
}


@pytest.fixture
def store(under_test: StoreUnderTest) -> Store:
    store = under_test.store()
    store.open()
    open_shop(store)
    return store


def texts(differences: list[Difference]) -> set[str]:
    """What a store says of its own file's form, over the contract, is left out."""
    return {
        f"{check}: {subject} is {found}, not {expected}"
        for check, subject, expected, found in differences
        if check != "integrity"
    }


def test_a_sound_store_has_no_differences(under_test: StoreUnderTest, store: Store) -> None:
    assert under_test.reader().verify(lambda name: None) == []
    assert under_test.reader().held_differences() == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_named(under_test: StoreUnderTest, store: Store, damage: str) -> None:
    store.close()
    do, expected = DAMAGES[damage]
    do(under_test)
    reader = under_test.reader()
    assert texts(reader.verify(lambda name: None)) == lines(expected)
    held = {line for line in lines(expected) if line.startswith("held")}
    assert texts(reader.held_differences()) == held
    reader.close()


@pytest.mark.parametrize("damage", ["a balance", "a transfer that is gone", "an account that is gone"])
def test_the_running_audit_finds_it_too(under_test: StoreUnderTest, store: Store, damage: str) -> None:
    reader = under_test.reader()
    assert _audit_agrees(reader)
    store.close()
    reader.close()
    DAMAGES[damage][0](under_test)
    assert not _audit_agrees(reader)


def _audit_agrees(reader: Reader) -> bool:
    part = reader.audit_slice(0, 1_000)
    assert part.balances is not None
    keys = part.sums.keys() | part.balances.keys()
    return all(part.sums.get(key, 0) == part.balances.get(key, 0) for key in keys)


def test_progress_is_told_of_each_check(under_test: StoreUnderTest, store: Store) -> None:
    told: list[str] = []
    under_test.reader().verify(told.append)
    assert told[:6] == ["posted", "held", "zero_sum", "bounds", "confirmed", "counts"]


def test_work_goes_on_beside_the_damage(under_test: StoreUnderTest, store: Store) -> None:
    """A difference is told and not mended: the ledger's next transfers change nothing about it."""
    store.close()
    under_test.set_account("B", "channel:kuaishou", 11, 0)
    decide(store, [move("n1", "B", "channel:kuaishou", "unallocated", 2)], 2_000)
    assert texts(under_test.reader().verify(lambda name: None)) == {
        "posted: B main channel:kuaishou is 9, not 8",
        "zero_sum: B is 1, not 0",
    }
