"""Random traffic on a store, compared command by command and balance by balance with the naive model."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from holdfast.ledger.accounts import AccountKind, parse_account
from holdfast.ledger.apply import apply
from holdfast.ledger.commands import (
    Command,
    ConfirmHold,
    ExpireHold,
    PlaceHold,
    PostTransfer,
    PutChannel,
    PutSku,
    RecordOrder,
    ReleaseHold,
)
from holdfast.ledger.records import Component, Limits
from holdfast.storage.contract import Reader, Store
from tests.fakes.batches import US, decide, load
from tests.ledger.naive import Answer, Naive

T = TypeVar("T")

SKUS = ("A", "B", "C", "KIT")
CHANNELS = ("douyin", "kuaishou")
BUYERS = ("ann", "bob")
PLAIN = ("unallocated", "reserve", "unsellable", "supplier", "customer", "adjustment")
NAMED = ("drop", "channel", "committed", "oversold")
SETTLING: dict[str, type[ConfirmHold | ReleaseHold | ExpireHold]] = {
    "confirm": ConfirmHold,
    "release": ReleaseHold,
    "expire": ExpireHold,
}
ACCOUNTS = [*PLAIN, *(f"{kind}:{name}" for kind in NAMED for name in CHANNELS)]

# Mostly what exists, so that traffic is not all refusals; small numbers, so that limits are met.
skus = st.sampled_from(["A"] * 6 + ["B"] * 4 + ["KIT"] * 4 + ["C", "X"])
channels = st.sampled_from(["douyin"] * 12 + ["kuaishou"] * 6 + ["nowhere"])
quantities = st.sampled_from([1, 1, 1, 1, 2, 2, 3, 9])
lines = st.lists(st.tuples(skus, quantities), min_size=1, max_size=3)
usual_moves = st.sampled_from(
    [
        ("supplier", "unallocated"),
        ("supplier", "channel:douyin"),
        ("supplier", "channel:kuaishou"),
        ("unallocated", "channel:douyin"),
        ("channel:douyin", "unallocated"),
        ("channel:douyin", "channel:kuaishou"),
        ("committed:douyin", "customer"),
        ("customer", "unsellable"),
    ]
)
any_moves = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS))
limits = st.one_of(
    st.none(),
    st.builds(
        Limits,
        st.sampled_from(["show1", "show2"]),
        st.sampled_from([None, 2, 4]),
        st.sampled_from([None, 3, 6]),
        st.sampled_from([None, 4, 8]),
    ),
)
parts = st.lists(st.tuples(st.sampled_from([*SKUS, "X"]), st.integers(1, 2)), max_size=2)
places = st.builds(
    PlaceHold,
    id=st.just(""),
    channel=channels,
    buyer=st.sampled_from(BUYERS),
    buyer_key=st.sampled_from(["", "", "ann", "phone"]),
    lines=lines.map(tuple),
    ttl_s=st.sampled_from([5, 20, 900]),
    actor=st.just("till"),
)
orders = st.builds(
    RecordOrder,
    id=st.just(""),
    channel=channels,
    buyer=st.sampled_from(BUYERS),
    lines=lines.map(tuple),
    paid=st.booleans(),
    actor=st.just("platform"),
)
moves = st.builds(
    lambda move, sku, quantity, location: PostTransfer(
        "", sku, *parse_account(move[0]), *parse_account(move[1]), quantity, "try", "till", location=location
    ),
    st.one_of(usual_moves, usual_moves, usual_moves, any_moves),
    st.sampled_from(["A"] * 8 + ["B"] * 6 + ["C"] * 3 + ["KIT", "X"]),
    st.sampled_from([1, 2, 10, 10, 20, 50, 10**15]),
    st.sampled_from(["main"] * 5 + ["depot"]),
)
numbers = st.integers(0, 10**6)
twists = st.sampled_from(["sku", "place", "source", "target", "quantity", "reason", "ttl", "backwards"])
events = st.one_of(
    st.tuples(st.just("place"), places),
    st.tuples(st.just("place"), places),
    st.tuples(st.just("place"), places),
    st.tuples(st.just("move"), moves),
    st.tuples(st.just("order"), orders),
    st.tuples(st.just("told again"), st.tuples(numbers, st.booleans())),
    st.tuples(st.sampled_from(["confirm", "release", "expire"]), numbers),
    st.tuples(st.sampled_from(["confirm", "release", "expire"]), numbers),
    st.tuples(st.just("again"), numbers),
    st.tuples(st.just("twisted"), st.tuples(numbers, twists)),
)
plans = st.lists(events, min_size=4, max_size=16)
descriptions = st.one_of(
    st.fixed_dictionaries({"limits": limits}),
    st.fixed_dictionaries({"limits": limits}),
    st.fixed_dictionaries({"frozen": st.booleans()}),
    st.fixed_dictionaries({"opens": st.sampled_from([-5, 5, 15])}),
    st.fixed_dictionaries({"closes": st.sampled_from([0, 5, 30])}),
    st.fixed_dictionaries({"components": parts}),
)


Event = tuple[str, Any]


class LedgerMachine(RuleBasedStateMachine):
    """Subclasses give `open_store` and `open_reader`."""

    def __init__(self) -> None:
        super().__init__()
        self.naive = Naive()
        self.sent: list[PlaceHold | PostTransfer] = []
        self.orders: list[RecordOrder] = []
        self.store = self.open_store()
        self.reader = self.open_reader()

    def open_store(self) -> Store:
        """Open a store on what is there; called again after each restart."""
        raise NotImplementedError

    def open_reader(self) -> Reader:
        """Open a reader of the same."""
        raise NotImplementedError

    def teardown(self) -> None:
        self.reader.close()
        self.store.close()

    @initialize()
    def begin_with_something_to_sell(self) -> None:
        setup: list[Command] = [PutChannel(name, "shop", name, "till") for name in CHANNELS]
        setup += [PutSku(sku, sku, "till") for sku in ("A", "B", "C")]
        setup.append(PutSku("KIT", "kit", "till", components=(Component("A", 2), Component("B", 1))))
        for number, (sku, channel) in enumerate([("A", "douyin"), ("A", "kuaishou"), ("B", "douyin")]):
            source, target = parse_account("supplier"), parse_account(f"channel:{channel}")
            setup.append(PostTransfer(f"s{number}", sku, *source, *target, 20, "buy", "till"))
        self.send(setup)

    @rule(plan=plans)
    def traffic(self, plan: Sequence[Event]) -> None:
        self.send([self.command(verb, what) for verb, what in plan])

    @rule(plan=plans)
    def more_traffic(self, plan: Sequence[Event]) -> None:
        self.traffic(plan)

    @rule(moves=st.lists(moves, min_size=1, max_size=4))
    def more_stock(self, moves: list[PostTransfer]) -> None:
        self.send([self.command("move", move) for move in moves])

    @rule(changes=st.lists(st.tuples(st.sampled_from(SKUS), descriptions), min_size=1, max_size=3))
    def change_items(self, changes: list[tuple[str, dict[str, Any]]]) -> None:
        for sku, values in changes:
            self.change(sku, **values)

    @rule()
    def let_all_be_sold(self) -> None:
        for sku in SKUS:
            self.change(sku, frozen=False, opens=None, closes=None)

    @rule(channel=st.sampled_from(CHANNELS), plan=plans)
    def freeze_a_channel_for_a_while(self, channel: str, plan: Sequence[Event]) -> None:
        self.send([PutChannel(channel, "shop", channel, "till", frozen=True)])
        self.traffic(plan)
        self.send([PutChannel(channel, "shop", channel, "till")])

    @rule(seconds=st.sampled_from([0, 1, 4, 5, 15]))
    def wait(self, seconds: int) -> None:
        self.naive.now += seconds

    @rule(limit=st.integers(1, 20))
    def expire_what_is_due(self, limit: int) -> None:
        now = self.naive.now
        due = self.store.due_holds(now * US, limit)
        late = [
            h["until"] for h in self.naive.holds.values() if h["status"] == "placed" and h["until"] <= now
        ]
        assert [self.naive.holds[id]["until"] for id in due] == sorted(late)[:limit]
        self.send([ExpireHold(id, "till") for id in due])

    @rule(plan=plans)
    def a_batch_that_fails_leaves_nothing(self, plan: Sequence[Event]) -> None:
        kept = len(self.sent)
        commands = [self.command(verb, what) for verb, what in plan]
        state = load(self.store, commands, self.naive.now * US)
        apply(state, commands)
        self.store.save(state)
        self.store.rollback()
        del self.sent[kept:]

    @rule()
    def restart(self) -> None:
        self.reader.close()
        self.store.close()
        self.store, self.reader = self.open_store(), self.open_reader()

    def command(self, verb: str, what: Any) -> Command:
        """A planned event as a command; numbers choose among what was sent before, of late rather."""
        if verb in ("again", "twisted"):
            number, twist = what if verb == "twisted" else (what, "")
            return _twisted(_late_rather(self.sent, number), twist)
        if verb in ("place", "move"):
            fresh: PlaceHold | PostTransfer = replace(what, id=f"{verb}{len(self.sent)}")
            self.sent.append(fresh)
            return fresh
        if verb == "order":
            order: RecordOrder = replace(what, id=f"order{len(self.orders)}")
            self.orders.append(order)
            return order
        if verb == "told again":
            number, paid = what
            first = _late_rather(
                self.orders or [RecordOrder("none", "nowhere", "ann", (("A", 1),), True, "x")], number
            )
            return replace(first, paid=paid)
        held = [id for id, hold in self.naive.holds.items() if what % 3 == 0 or hold["status"] == "placed"]
        return SETTLING[verb](_late_rather(["never", *held], what), "till")

    def change(self, sku: str, **values: Any) -> None:
        """Replace some of an item's description; times are told in seconds from now."""
        for name in {"opens", "closes"} & values.keys():
            seconds = values.pop(name)
            time_us = None if seconds is None else (self.naive.now + seconds) * US
            values[f"sale_{name}_at_us"] = time_us
        if "components" in values:
            values["components"] = tuple(Component(*part) for part in values["components"])
        old = self.reader.sku(sku)
        assert old is not None
        command = PutSku(
            sku,
            old.name,
            "till",
            frozen=old.frozen,
            sale_opens_at_us=old.sale_opens_at_us,
            sale_closes_at_us=old.sale_closes_at_us,
            limits=old.limits,
            components=old.components,
        )
        self.send([replace(command, **values)])

    def send(self, commands: Sequence[Command]) -> None:
        """Run the commands on both, and compare the answers."""
        self.sent += [c for c in commands if isinstance(c, PostTransfer) and c not in self.sent]
        decisions = decide(self.store, commands, self.naive.now * US)
        found = [(decision.code.value, decision.replayed) for decision in decisions]
        expected = [ask(self.naive, command) for command in commands]
        assert found == expected, list(zip(commands, found, expected, strict=True))

    @invariant()
    def balances_are_those_of_the_model(self) -> None:
        posted: dict[tuple[str, str, str], int] = {}
        held: dict[tuple[str, str, str], int] = {}
        for view in self.reader.stocks("", 100):
            assert sum(account.posted for account in view.accounts) == 0, view
            for account in view.accounts:
                key = (view.sku, account.location, account.account)
                posted[key], held[key] = account.posted, account.held
                inside = account.account.partition(":")[0] not in (
                    "supplier",
                    "customer",
                    "adjustment",
                    "oversold",
                )
                assert not inside or 0 <= account.held <= account.posted, (view.sku, account)
        assert _not_zero(posted) == _not_zero(self.naive.posted)
        assert _not_zero(held) == _not_zero(self.naive.held)

    @invariant()
    def held_is_what_open_holds_took(self) -> None:
        wanted: Counter[tuple[str, str, str]] = Counter()
        for id, told in self.naive.holds.items():
            hold = self.reader.hold(id)
            assert hold is not None
            assert (hold.status, hold.expires_at_us) == (told["status"], told["until"] * US)
            if hold.status == "placed":
                for sku, quantity, _ in hold.draws:
                    wanted[sku, "main", f"channel:{hold.channel}"] += quantity
        assert _not_zero(self.naive.held) == _not_zero(wanted)

    @invariant()
    def all_that_is_derived_can_be_rebuilt(self) -> None:
        assert self.reader.verify(lambda name: None) == []

    @invariant()
    def counters_are_those_of_the_model(self) -> None:
        assert self.counters() == _not_zero(self.naive.taken)

    def counters(self) -> dict[Any, int]:
        """All counters of the store that are not zero."""
        raise NotImplementedError


def _late_rather(items: Sequence[T], number: int) -> T:
    """One of the last dozen mostly, now and then any of them."""
    return items[-1 - number % min(len(items), 12)] if number % 5 else items[number // 5 % len(items)]


def _twisted(first: PlaceHold | PostTransfer, twist: str) -> Command:
    """The same command, with something changed that matters or not."""
    if isinstance(first, PostTransfer):
        twists: dict[str, dict[str, Any]] = {
            "sku": {"sku": "B" if first.sku == "A" else "A"},
            "place": {"location": "elsewhere"},
            "source": {"from_kind": AccountKind.DROP, "from_scope": "x"},
            "target": {"to_kind": AccountKind.DROP, "to_scope": "x"},
            "quantity": {"quantity": first.quantity + 1},
            "reason": {"reason": "another"},
        }
        return replace(first, **twists.get(twist, {}))
    twists = {
        "sku": {"lines": (*first.lines, ("NEW", 1))},
        "place": {"channel": "elsewhere"},
        "source": {"buyer": "somebody"},
        "target": {"buyer_key": "somebody"},
        "quantity": {"lines": (*first.lines, first.lines[0])},
        "ttl": {"ttl_s": first.ttl_s + 1},
        "backwards": {"lines": tuple(reversed(first.lines))},
    }
    return replace(first, **twists.get(twist, {}))


def _not_zero(numbers: dict[Any, int]) -> dict[Any, int]:
    return {key: number for key, number in numbers.items() if number}


def ask(naive: Naive, command: Command) -> Answer:
    """The same command in the model's words."""
    match command:
        case PlaceHold(id, channel, buyer, lines, _, key, ttl):
            return naive.place(id, channel, buyer, key, list(lines), ttl)
        case RecordOrder(id, channel, buyer, lines, paid):
            return naive.order(id, channel, buyer, list(lines), paid)
        case ConfirmHold(id):
            return naive.settle("confirm", id)
        case ReleaseHold(id):
            return naive.settle("release", id)
        case ExpireHold(id):
            return naive.settle("expire", id)
        case PostTransfer():
            source = _name(command.from_kind.value, command.from_scope)
            target = _name(command.to_kind.value, command.to_scope)
            where, number, reason = command.location, command.quantity, command.reason
            return naive.transfer(command.id, command.sku, where, source, target, number, reason)
        case PutSku():
            return naive.put_sku(command.sku, _described(command))
        case PutChannel():
            return naive.put_channel(command.channel, {"frozen": command.frozen})
        case _:
            raise AssertionError("the model knows neither joined transfers nor guards; the tables have them")


def _name(kind: str, scope: str) -> str:
    return f"{kind}:{scope}" if scope else kind


def _described(command: PutSku) -> dict[str, Any]:
    def seconds(time_us: int | None) -> int | None:
        return None if time_us is None else time_us // US

    return {
        "frozen": command.frozen,
        "opens": seconds(command.sale_opens_at_us),
        "closes": seconds(command.sale_closes_at_us),
        "period": command.limits.period if command.limits else "",
        "per_order": command.limits.per_order if command.limits else None,
        "per_buyer": command.limits.per_buyer if command.limits else None,
        "across": command.limits.per_buyer_across_channels if command.limits else None,
        "parts": [tuple(part) for part in command.components],
    }
