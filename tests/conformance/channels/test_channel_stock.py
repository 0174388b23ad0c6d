"""What the manifest declares of counters is what happens on them."""

import pytest

from holdfast.channels.adapter import Adapter
from holdfast.channels.errors import (
    CallRefused,
    ExpectationFailed,
    InsufficientStock,
    ListingRefused,
    UnknownOutcome,
)
from holdfast.channels.manifest import Deducts, Manifest, UnderRun, WriteMode
from holdfast.channels.orders import StockReading, StockWrite, StockWritten
from tests.conformance.channels.stand import Stand


def manifest(stand: Stand) -> Manifest:
    return stand.deaf().manifest


def test_units_are_added_and_taken_away(stand: Stand) -> None:
    written = stand.change(5, write_id="write-1")
    assert (stand.counter(), written.applied) == (
        15,
        15 if manifest(stand).write is WriteMode.ABSOLUTE else 5,
    )
    assert not written.repeated
    stand.change(-7, write_id="write-2")
    assert stand.counter() == 8
    assert stand.counter(stand.case.listings[1]) == 10


def test_a_write_tells_the_counter_where_that_is_declared(stand: Stand) -> None:
    written = stand.change(5)
    declared = manifest(stand)
    if declared.write is WriteMode.RELATIVE:
        assert written.counter == (15 if declared.write_tells_counter else None)
    elif declared.write_tells_counter:
        assert written.counter == 15


def test_a_subtraction_below_zero_does_what_is_declared(stand: Stand) -> None:
    declared = manifest(stand)
    if declared.write is not WriteMode.RELATIVE:
        pytest.skip("this platform is not written by differences alone")
    if declared.under_run is UnderRun.REFUSES:
        with pytest.raises(InsufficientStock) as caught:
            stand.change(-11)
        assert not caught.value.may_be_applied
        assert stand.counter() == 10
        stand.change(-10, write_id="write-2")
        assert stand.counter() == 0
    elif declared.under_run is UnderRun.CLAMPS:
        assert stand.change(-11).applied == 10
        assert stand.counter() == 0
    elif declared.under_run is UnderRun.NEGATIVE:
        assert stand.change(-11).applied == 11
        assert stand.counter() == -1


def test_a_repeat_under_the_same_id_does_what_is_declared(stand: Stand) -> None:
    declared = manifest(stand)
    if declared.write is not WriteMode.RELATIVE:
        pytest.skip("a value can be written again")
    first, second = stand.change(-2), stand.change(-2)
    assert (first.applied, first.repeated, second.applied) == (2, False, 2)
    assert stand.counter() == (8 if declared.idempotent else 6)
    stand.change(-2, write_id="write-2")
    assert stand.counter() == (6 if declared.idempotent else 4)


def test_the_id_also_covers_a_write_whose_answer_was_lost(stand: Stand) -> None:
    if not manifest(stand).idempotent:
        pytest.skip("nothing dedupes writes here")

    async def work(adapter: Adapter) -> StockWritten:
        write = stand.write(adapter, -2)
        stand.plan("lost_response", stand.case.write_call)
        with pytest.raises(Exception, match="did not answer"):
            await adapter.write_stock(write)
        assert stand.counter() == 8
        return await adapter.write_stock(write)

    assert stand.run(work).applied == 2
    assert stand.counter() == 8


def test_an_expected_value_that_is_not_met_changes_nothing(stand: Stand) -> None:
    declared = manifest(stand)
    if declared.write is not WriteMode.COMPARE_AND_SET:
        pytest.skip("this platform does not compare")

    async def work(adapter: Adapter) -> StockWritten:
        return await adapter.write_stock(StockWrite(stand.listing, "add", 2, "write-1", expected=3))

    with pytest.raises(ExpectationFailed):
        stand.run(work)
    assert stand.counter() == 10


def test_counters_are_read_back(stand: Stand) -> None:
    assert manifest(stand).read_back
    stand.put(4, stand.case.listings[1])

    async def work(adapter: Adapter) -> list[StockReading]:
        return await adapter.read_stock(list(reversed(stand.case.listings)))

    assert [(reading.listing, reading.sellable) for reading in stand.run(work)] == [
        (stand.case.listings[1], 4),
        (stand.case.listings[0], 10),
    ]


def test_an_order_takes_its_units_off_the_counter_when_that_is_declared(stand: Stand) -> None:
    async def work(adapter: Adapter) -> list[StockReading]:
        return await adapter.read_stock([stand.listing])

    order = stand.buy(3)
    if stand.case.shows_unpaid:
        (reading,) = stand.run(work)
        deducts = manifest(stand).deducts
        if deducts is Deducts.PER_LINE:
            deducts = stand.order(order).lines[0].deducts
        if deducts is Deducts.ON_ORDER:
            assert reading.sellable == 7
        elif deducts is Deducts.ON_PAYMENT:
            assert reading.sellable == 10
    stand.step(order, "pay")
    (reading,) = stand.run(work)
    assert reading.sellable == 7


def test_a_listing_that_is_not_there_is_refused(stand: Stand) -> None:
    async def read(adapter: Adapter) -> None:
        await adapter.read_stock([stand.case.unknown])

    async def write(adapter: Adapter) -> None:
        await adapter.write_stock(StockWrite(stand.case.unknown, "add", 1, "write-1"))

    # Where the codes are not known, a refused reading is all that can be told, and of a write not even that.
    with pytest.raises((ListingRefused, CallRefused)):
        stand.run(read)
    if manifest(stand).write is WriteMode.RELATIVE:
        with pytest.raises((ListingRefused, CallRefused, UnknownOutcome)):
            stand.run(write)
