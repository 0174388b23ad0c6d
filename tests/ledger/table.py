"""The tables of the ledger: text in which one row is one event and, behind `->`, its code.

    == name of the case
    at 60                                          from here on it is second 60
    channel douyin [frozen]
    sku A [frozen] [opens=S] [closes=S] [of=B*2,C*1] [limits=PERIOD,order:N,buyer:N,all:N] [name=TEXT]
          [price=CENTS] [cost=CENTS] [guard=PERIOD[,gate:NAME][,lists][,units:N][,loss:CENTS][,age:S]
          [,address:BUYERS][,breaker:UNITS/S][,buyer:N/S][,device:N/S][,home:N/S][,card:N/S]]
          a rule may end in `:queue` or `:review`; `N/S` are orders in S seconds, `Nu/S` are units
    stock A douyin 10                              bought and given to the channel
    move ID SKU FROM TO QUANTITY [reason=TEXT] [in=LOCATION]
    together FROM TO ID:SKU*N... [reason=TEXT]     transfers that happen together
    place ID CHANNEL BUYER SKU*N... [key=BUYER_KEY] [ttl=S] [device=D] [address=A] [card=C] [born=S]
          [ticket=ID,GATE,BUYER,EXPIRES | ticket=forged]
    order ID CHANNEL BUYER SKU*N... [paid]         an order that a platform has taken
    confirm ID        release ID        expire ID
    accept ID         reject ID                    a person's word on a review
    list block|allow BUYER      unlist block|allow BUYER

A row without `->` prepares and must succeed. Behind the code may stand `replayed` and facts of the decision's
detail. Other rows look at what is there:

    account A channel:douyin 10 held 3
    see A on_hand=10 available=7 held=3 committed=0
    count A PERIOD BUYER SCOPE 2                   `-` for the counters of no item
    tally A PERIOD SUBJECT [orders=N] [units=N] [buyers=N]
    hold ID STATUS [review=STATE] [cause=CODE]
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from holdfast.ledger.accounts import parse_account
from holdfast.ledger.codes import SUCCESSES, ResultCode
from holdfast.ledger.commands import (
    Command,
    ConfirmHold,
    ExpireHold,
    ListBuyer,
    PlaceHold,
    PostTransfer,
    PostTransfers,
    PutChannel,
    PutSku,
    RecordOrder,
    ReleaseHold,
    ReviewHold,
)
from holdfast.ledger.guard.rules import FORGED, Bound, Breaker, Guard, Outcome, Signals, Speed, Ticket
from holdfast.ledger.guard.tallies import tally_key
from holdfast.ledger.needs import BalanceNeeds
from holdfast.ledger.records import Component, CountKey, Limits
from holdfast.ledger.state import Decision, State
from holdfast.storage.contract import Reader, Store
from tests.fakes.batches import US, decide

TABLES = Path(__file__).with_name("tables")
ACTOR = "tester"


@dataclass(frozen=True)
class Row:
    """One line of a table, taken apart."""

    place: str
    verb: str
    words: list[str]
    options: dict[str, str]
    expected: str = ""
    facts: frozenset[str] = frozenset()

    def int_option(self, name: str) -> int | None:
        return int(self.options[name]) if name in self.options else None

    def us_option(self, name: str) -> int | None:
        seconds = self.int_option(name)
        return None if seconds is None else seconds * US


@dataclass
class Case:
    """A named run of rows that starts on an empty store."""

    name: str
    rows: list[Row] = field(default_factory=list)

    def __repr__(self) -> str:
        return self.name


def cases(*names: str) -> list[Case]:
    """The cases of the named tables, or of all of them."""
    paths = [TABLES / f"{name}.txt" for name in names] or sorted(TABLES.glob("*.txt"))
    return [case for path in paths for case in _read(path)]


def _read(path: Path) -> Iterator[Case]:
    case: Case | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.partition("#")[0].strip()
        if text.startswith("== "):
            if case is not None:
                yield case
            case = Case(f"{path.stem}: {text[3:]}")
        elif text:
            assert case is not None, f"{path.name}:{number} stands before the first case"
            case.rows.append(_row(f"{path.name}:{number} {text}", text))
    assert case is not None, f"{path.name} has no case"
    yield case


def _row(place: str, text: str) -> Row:
    event, arrow, outcome = text.partition("->")
    verb, *parts = event.split()
    code, *facts = outcome.split() if arrow else [""]
    words = [part for part in parts if "=" not in part]
    options = dict(part.split("=", 1) for part in parts if "=" in part)
    return Row(place, verb, words, options, code, frozenset(facts))


def run(case: Case, store: Store, reader: Reader, *, together: bool) -> list[ResultCode]:
    """Play a case and assert each row; `together` puts all rows between two looks into one batch."""
    now_us = 0
    waiting: list[tuple[Row, Command]] = []
    codes: list[ResultCode] = []

    def flush() -> None:
        decisions = decide(store, [command for _, command in waiting], now_us)
        for (row, _), decision in zip(waiting, decisions, strict=True):
            _assert_decision(row, decision)
            codes.append(decision.code)
        waiting.clear()

    for row in case.rows:
        if row.verb in _LOOKS:
            flush()
            _LOOKS[row.verb](row, store, reader)
        elif row.verb == "at":
            flush()
            now_us = int(row.words[0]) * US
        else:
            waiting += [(row, command) for command in _COMMANDS[row.verb](row)]
            if not together:
                flush()
    flush()
    assert reader.verify(lambda name: None) == []
    return codes


def _assert_decision(row: Row, decision: Decision) -> None:
    if not row.expected:
        assert decision.code in SUCCESSES, f"{row.place}: {decision}"
        return
    assert decision.code == row.expected, f"{row.place}: {decision}"
    assert decision.replayed == ("replayed" in row.facts), f"{row.place}: {decision}"
    found = {f"{name}={value}" for name, value in decision.detail.items()}
    assert row.facts - {"replayed"} <= found, f"{row.place}: {decision}"


def _sku(row: Row) -> list[Command]:
    limits = None
    if "limits" in row.options:
        period, *parts = row.options["limits"].split(",")
        bounds = {name: int(number) for name, number in (part.split(":") for part in parts)}
        limits = Limits(period, bounds.get("order"), bounds.get("buyer"), bounds.get("all"))
    parts = [part for part in row.options.get("of", "").split(",") if part]
    return [
        PutSku(
            row.words[0],
            row.options.get("name", "name"),
            ACTOR,
            frozen="frozen" in row.words,
            sale_opens_at_us=row.us_option("opens"),
            sale_closes_at_us=row.us_option("closes"),
            limits=limits,
            components=tuple(Component(*_amount(part)) for part in parts),
            price_cents=row.int_option("price"),
            cost_cents=row.int_option("cost"),
            guard=_guard(row.options["guard"]) if "guard" in row.options else None,
        )
    ]


_SPEEDS = {"buyer": "per_buyer", "device": "per_device", "home": "per_address", "card": "per_payment"}
_BOUNDS = {"address": "buyers_per_address", "age": "account_age_min_s"}


def _guard(text: str) -> Guard:
    period, *parts = text.split(",")
    rules: dict[str, Any] = {}
    for part in parts:
        name, *values = part.split(":")
        number = values[0] if values else ""
        outcome = Outcome(values[1]) if len(values) > 1 else Outcome.REFUSE
        if name in _SPEEDS:
            most, _, window = number.partition("/")
            of = {"units": int(most[:-1])} if most.endswith("u") else {"orders": int(most)}
            rules[_SPEEDS[name]] = Speed(int(window), **of, outcome=outcome)
        elif name in _BOUNDS:
            rules[_BOUNDS[name]] = Bound(int(number), outcome)
        elif name == "breaker":
            units, _, window = number.partition("/")
            rules["breaker"] = Breaker(int(window), int(units))
        elif name == "gate":
            rules["ticket_gate"] = number
        elif name == "lists":
            rules["lists"] = True
        else:
            rules[{"units": "units_max", "loss": "loss_cents_max"}[name]] = int(number)
    return Guard(period, **rules)


def _signals(row: Row) -> Signals | None:
    options = row.options
    if not options.keys() & {"device", "address", "card", "born"}:
        return None
    device, address, card = (options.get(name, "") for name in ("device", "address", "card"))
    return Signals(device, address, card, row.us_option("born"))


def _ticket(row: Row) -> Ticket | None:
    if "ticket" not in row.options:
        return None
    if row.options["ticket"] == "forged":
        return FORGED
    id, gate, buyer, expires = row.options["ticket"].split(",")
    return Ticket(id, gate, buyer, int(expires) * US)


def _channel(row: Row) -> list[Command]:
    frozen = "frozen" in row.words
    return [PutChannel(row.words[0], "shop", row.options.get("name", "name"), ACTOR, frozen=frozen)]


def _stock(row: Row) -> list[Command]:
    sku, channel, quantity = row.words
    source, target = parse_account("supplier"), parse_account(f"channel:{channel}")
    return [PostTransfer(row.place, sku, *source, *target, int(quantity), "stock", ACTOR)]


def _move(row: Row) -> list[Command]:
    id, sku, source, target, quantity = row.words
    return [
        PostTransfer(
            id,
            sku,
            *parse_account(source),
            *parse_account(target),
            int(quantity),
            row.options.get("reason", "move"),
            ACTOR,
            location=row.options.get("in", "main"),
        )
    ]


def _place(row: Row) -> list[Command]:
    id, channel, buyer, *lines = row.words
    key, ttl_s = row.options.get("key", ""), row.int_option("ttl") or 900
    amounts = tuple(_amount(line) for line in lines)
    return [
        PlaceHold(
            id,
            channel,
            buyer,
            amounts,
            ACTOR,
            buyer_key=key,
            ttl_s=ttl_s,
            ticket=_ticket(row),
            signals=_signals(row),
        )
    ]


def _together(row: Row) -> list[Command]:
    source, target, *legs = row.words
    ends = (*parse_account(source), *parse_account(target))
    transfers = []
    for leg in legs:
        id, _, amount = leg.partition(":")
        sku, quantity = _amount(amount)
        transfers.append(PostTransfer(id, sku, *ends, quantity, row.options.get("reason", "move"), ACTOR))
    return [PostTransfers(tuple(transfers))]


def _order(row: Row) -> list[Command]:
    id, channel, buyer, *lines = [word for word in row.words if word != "paid"]
    amounts = tuple(_amount(line) for line in lines)
    return [RecordOrder(id, channel, buyer, amounts, "paid" in row.words, ACTOR)]


def _list(row: Row, *, listed: bool) -> ListBuyer:
    name, value, *kind = row.words
    return ListBuyer(name, value, listed, ACTOR, kind=kind[0] if kind else "buyer")


def _amount(text: str) -> tuple[str, int]:
    sku, _, quantity = text.partition("*")
    return sku, int(quantity)


_COMMANDS: dict[str, Callable[[Row], list[Command]]] = {
    "sku": _sku,
    "channel": _channel,
    "stock": _stock,
    "move": _move,
    "together": _together,
    "place": _place,
    "order": _order,
    "confirm": lambda row: [ConfirmHold(row.words[0], ACTOR)],
    "release": lambda row: [ReleaseHold(row.words[0], ACTOR)],
    "expire": lambda row: [ExpireHold(row.words[0], ACTOR)],
    "accept": lambda row: [ReviewHold(row.words[0], "accepted", ACTOR)],
    "reject": lambda row: [ReviewHold(row.words[0], "rejected", ACTOR)],
    "list": lambda row: [_list(row, listed=True)],
    "unlist": lambda row: [_list(row, listed=False)],
}


def _look_account(row: Row, store: Store, reader: Reader) -> None:
    sku, name, posted, _, held = row.words
    view = reader.stock(sku)
    assert view is not None, row.place
    location = row.options.get("in", "main")
    found = {(account.account, account.location): (account.posted, account.held) for account in view.accounts}
    assert found.get((name, location), (0, 0)) == (int(posted), int(held)), row.place


def _look_stock(row: Row, store: Store, reader: Reader) -> None:
    view = reader.stock(row.words[0])
    assert {name: getattr(view, name) for name in row.options} == {
        name: int(value) for name, value in row.options.items()
    }, row.place


def _look_count(row: Row, store: Store, reader: Reader) -> None:
    sku, period, buyer, scope, expected = row.words
    key = CountKey("" if sku == "-" else sku, period, buyer, scope)
    state = State(0, 0)
    store.begin()
    store.load_balances(state, BalanceNeeds(counts={key}))
    store.rollback()
    assert state.counts[key] == int(expected), row.place


def _look_tally(row: Row, store: Store, reader: Reader) -> None:
    sku, period, subject = row.words
    key = tally_key("" if sku == "-" else sku, period, subject)
    state = State(0, 0)
    state.commit_number = store.begin().commit_number + 1
    store.load_balances(state, BalanceNeeds(tallies={key}))
    store.rollback()
    found = state.tallies[key]._asdict()
    assert {name: found[name] for name in row.options} == {
        name: int(value) for name, value in row.options.items()
    }, row.place


def _look_hold(row: Row, store: Store, reader: Reader) -> None:
    hold = reader.hold(row.words[0])
    assert hold is not None, row.place
    assert hold.status == row.words[1], row.place
    if row.options:
        cause = hold.guard.cause if hold.guard is not None else ""
        found = {"review": hold.review, "cause": cause}
        assert {name: found[name] for name in row.options} == row.options, row.place


_LOOKS: dict[str, Callable[[Row, Store, Reader], None]] = {
    "account": _look_account,
    "see": _look_stock,
    "count": _look_count,
    "tally": _look_tally,
    "hold": _look_hold,
}
