"""Looking for some transfers and holds among many, and walking an account back to where it came from."""

import pytest

import holdfast.storage.reading as reader_module
from holdfast.ledger.accounts import AccountKind
from holdfast.storage.contract import HoldFilter, Reader, Store, TransferFilter
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import open_shop

END = 2**62
RIGHT = (AccountKind.CHANNEL, "douyin")


@pytest.fixture
def shop(under_test: StoreUnderTest) -> Store:
    store = under_test.store()
    store.open()
    open_shop(store)
    return store


@pytest.fixture
def reader(under_test: StoreUnderTest, shop: Store) -> Reader:
    return under_test.reader()


@pytest.mark.parametrize(
    "wanted",
    [
        TransferFilter(),
        TransferFilter(sku="A"),
        TransferFilter(account=RIGHT),
        TransferFilter("A", (AccountKind.UNALLOCATED, "")),
        TransferFilter(reference="sold"),
        TransferFilter(reason="no such"),
        TransferFilter(actor="no one"),
        TransferFilter(location="elsewhere"),
    ],
)
@pytest.mark.parametrize("stretch", [1, 2, 20_000])
def test_what_fits_is_found_over_all_pages(
    reader: Reader, wanted: TransferFilter, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "STRETCH", stretch)
    moves = [row.transfer for row in reader.transfers(None, END, 100)]
    fitting = [
        move
        for move in moves
        if wanted.sku in (None, move.sku)
        and wanted.account in (None, (move.from_kind, move.from_scope), (move.to_kind, move.to_scope))
        and wanted.location in (None, move.location)
        and wanted.reason in (None, move.reason)
        and wanted.actor in (None, move.actor)
        and wanted.reference in (None, move.reference)
    ]
    found, before = [], END
    while True:
        page = reader.find_transfers(wanted, before, 2)
        found += [row.transfer for row in page.rows]
        if page.next_seq is None:
            break
        assert page.next_seq < before
        before = page.next_seq
    assert found == fitting


def test_holds_are_found_by_item_channel_and_state(reader: Reader) -> None:
    everything = reader.find_holds(HoldFilter(), END, 100).holds
    assert {hold.id for hold in everything} >= {"kit", "sold"}
    first = reader.find_holds(HoldFilter(), END, 1)
    assert first.holds == everything[:1]
    assert first.next_seq is not None
    assert reader.find_holds(HoldFilter(), first.next_seq, 100).holds == everything[1:]
    still = [hold for hold in everything if hold.status == "placed"]
    assert reader.find_holds(HoldFilter(status="placed"), END, 100).holds == still
    # B is there as a part of the bundle too.
    with_b = [hold for hold in everything if "B" in {line.sku for line in (*hold.lines, *hold.draws)}]
    assert "kit" in {hold.id for hold in with_b}
    assert reader.find_holds(HoldFilter(sku="B"), END, 100).holds == with_b
    assert reader.find_holds(HoldFilter(channel="no such"), END, 100).holds == []
