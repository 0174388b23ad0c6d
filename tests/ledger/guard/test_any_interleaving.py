"""Guards under any traffic: no rule ever lets more through than it allows, and counters equal a recount."""

from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.codes import SUCCESSES, ResultCode
from holdfast.ledger.commands import (
    Command,
    ConfirmHold,
    ExpireHold,
    PlaceHold,
    PostTransfer,
    PutChannel,
    PutSku,
    ReleaseHold,
    ReviewHold,
)
from holdfast.ledger.guard.rules import Bound, Breaker, Guard, Signals, Speed, Ticket
from tests.fakes.batches import US, decide
from tests.fakes.memory_reader import MemoryReader
from tests.fakes.memory_store import MemoryFile, MemoryStore

WINDOW_S = 20
GUARD = Guard(
    "show",
    ticket_gate="hall",
    per_buyer=Speed(WINDOW_S, orders=2),
    per_device=Speed(WINDOW_S, units=3),
    buyers_per_address=Bound(2),
    units_max=12,
    loss_cents_max=60,
    breaker=Breaker(WINDOW_S, 6),
)
LOSS_CENTS = 7
PEOPLE = "abcd"

places = st.tuples(
    st.just("place"),
    st.sampled_from(PEOPLE),
    st.integers(1, 3),
    st.sampled_from(("d1", "d2")),
    st.sampled_from(("a1", "a2", "")),
    st.integers(1, 12),
)
ends = st.tuples(st.sampled_from(("confirm", "release", "expire", "reject")), st.integers(0, 60))
steps = st.lists(st.tuples(st.integers(0, 15), st.lists(places | ends, min_size=1, max_size=8)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_no_interleaving_lets_more_through(steps: list[tuple[int, list[tuple[object, ...]]]]) -> None:
    file = MemoryFile()
    store, reader = MemoryStore(file), MemoryReader(file)
    ends = (AccountKind.SUPPLIER, "", AccountKind.CHANNEL, "shop")
    opening: list[Command] = [
        PutChannel("shop", "shop", "shop", "t"),
        PutSku("A", "A", "t", price_cents=3, cost_cents=3 + LOSS_CENTS, guard=GUARD),
        PostTransfer("stock", "A", *ends, 1_000, "stock", "t"),
    ]
    assert all(decision.code in SUCCESSES for decision in decide(store, opening, 0))
    now_s, made = 0, 0
    placed_at: dict[str, int] = {}
    sent: dict[str, PlaceHold] = {}
    for wait_s, asked in steps:
        now_s += wait_s
        batch: list[Command] = []
        for what in asked:
            if what[0] == "place":
                _, buyer, units, device, address, ticket = what
                made += 1
                pass_ = Ticket(f"t{ticket}", "hall", str(buyer), 10**15)
                signals = Signals(str(device), str(address))
                lines = (("A", int(str(units))),)
                command = PlaceHold(
                    f"h{made}", "shop", str(buyer), lines, "t", ttl_s=30, ticket=pass_, signals=signals
                )
                sent[command.id] = command
                batch.append(command)
            else:
                batch.append(_end(str(what[0]), f"h{what[1]}"))
        for asked_for, decision in zip(batch, decide(store, batch, now_s * US), strict=True):
            if isinstance(asked_for, PlaceHold) and decision.code is ResultCode.PLACED:
                placed_at[asked_for.id] = now_s
        _assert_within(reader, sent, placed_at)
        assert reader.verify(lambda name: None) == []


def _end(verb: str, id: str) -> Command:
    if verb == "reject":
        return ReviewHold(id, "rejected", "t")
    if verb == "confirm":
        return ConfirmHold(id, "t")
    return ReleaseHold(id, "t") if verb == "release" else ExpireHold(id, "t")


def _assert_within(reader: MemoryReader, sent: dict[str, PlaceHold], placed_at: dict[str, int]) -> None:
    """Recount from what was sent and answered, and from the holds as they stand now."""
    orders: Counter[tuple[str, int]] = Counter()
    devices: Counter[tuple[str, int]] = Counter()
    all_units: Counter[int] = Counter()
    tickets: Counter[str] = Counter()
    served: defaultdict[str, set[str]] = defaultdict(set)
    standing = 0
    for id, at_s in placed_at.items():
        command = sent[id]
        window, units = at_s // WINDOW_S, command.lines[0][1]
        assert command.signals is not None
        assert command.ticket is not None
        orders[command.buyer, window] += 1
        devices[command.signals.device, window] += units
        all_units[window] += units
        tickets[command.ticket.id] += 1
        if command.signals.address:
            served[command.signals.address].add(command.buyer)
        hold = reader.hold(id)
        assert hold is not None
        standing += units if hold.status in ("placed", "confirmed") else 0
    assert max(orders.values(), default=0) <= 2
    assert max(devices.values(), default=0) <= 3
    assert max(all_units.values(), default=0) <= 6
    assert max(tickets.values(), default=0) <= 1
    assert max(map(len, served.values()), default=0) <= 2
    assert standing <= min(12, 60 // LOSS_CENTS)
    counts = reader.counts("A", "show", "exposure")
    assert counts.get(":units", 0) == standing
    assert counts.get(":loss_cents", 0) == standing * LOSS_CENTS
    assert reader.counts("", "hall", "gate").get(":used", 0) == len(placed_at)
