"""Looking for some transfers and holds among many, and walking an account back to where it came from."""

import pytest

import holdfast.storage.reading as reader_module
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.commands import PlaceHold, PutSku
from holdfast.ledger.guard.rules import Guard, Signals
from holdfast.storage.contract import HoldFilter, Reader, RefusalFilter, Store, TransferFilter
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import open_shop
from tests.fakes.batches import decide

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


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (RefusalFilter(), ["r4", "r3", "r2", "r1"]),
        (RefusalFilter(id="r2"), ["r2"]),
        (RefusalFilter(buyer="eve"), ["r4", "r1"]),
        (RefusalFilter(sku="OLD", buyer="eve"), ["r1"]),
        (RefusalFilter(sku="NEW"), ["r4"]),
        (RefusalFilter(code="ticket_required"), ["r4"]),
        (RefusalFilter(device="d1"), ["r2", "r1"]),
        (RefusalFilter(device="d1", address="a2"), ["r2"]),
        (RefusalFilter(payment="p3"), ["r3"]),
        (RefusalFilter(buyer="nobody"), []),
    ],
)
def test_refused_holds_are_found_the_newest_first_over_all_pages(
    shop: Store, reader: Reader, wanted: RefusalFilter, ids: list[str]
) -> None:
    def ask(id: str, buyer: str, sku: str, device: str = "", address: str = "", card: str = "") -> PlaceHold:
        signals = Signals(device, address, card)
        return PlaceHold(id, "douyin", buyer, ((sku, 999_999),), "t", signals=signals)

    # What is known of who asks is kept where rules may ask for it.
    items = [PutSku("OLD", "old", "t", guard=Guard("p")), PutSku("NEW", "new", "t", guard=Guard("p", "hall"))]
    decide(shop, items, 1_000_000_000)
    # Two of one batch have the same time: the id tells them apart.
    decide(shop, [ask("r1", "eve", "OLD", "d1"), ask("r2", "bob", "OLD", "d1", "a2")], 1_000_000_001)
    decide(shop, [ask("r3", "cyd", "OLD", card="p3")], 1_000_000_002)
    decide(shop, [ask("r4", "eve", "NEW")], 1_000_000_003)
    found: list[str] = []
    before = (END, "")
    while page := reader.find_refused_holds(wanted, before, 2):
        found += [refusal.id for refusal in page if refusal.id[1:].isdigit()]
        before = page[-1].recorded_at_us, page[-1].id
    assert found == ids
