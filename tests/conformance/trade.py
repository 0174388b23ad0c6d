"""A small trade: enough of everything for tests of what a store keeps."""

from holdfast.ledger.accounts import parse_account
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import Command, ConfirmHold, PlaceHold, PostTransfer, PutChannel, PutSku
from holdfast.ledger.records import Component, Limits, Pace
from holdfast.storage.contract import Store
from tests.fakes.batches import decide

ACTOR = "till"


PACE = {"douyin": 38.4, "kuaishou": 6.0}


def move(
    id: str, sku: str, source: str, target: str, quantity: int, pace: Pace | None = None
) -> PostTransfer:
    ends = *parse_account(source), *parse_account(target)
    return PostTransfer(id, sku, *ends, quantity, "move", ACTOR, pace=pace)


def place(id: str, *lines: tuple[str, int], channel: str = "douyin", buyer: str = "ann") -> PlaceHold:
    return PlaceHold(id, channel, buyer, lines, ACTOR, buyer_key=f"{buyer}-key")


TRADE: list[Command] = [
    PutChannel("douyin", "shop", "Douyin", ACTOR),
    PutChannel("kuaishou", "shop", "Kuaishou", ACTOR),
    PutSku("A", "a", ACTOR, limits=Limits("show1", per_buyer=50)),
    PutSku("B", "b", ACTOR),
    PutSku("KIT", "kit", ACTOR, components=(Component("A", 2), Component("B", 1))),
    PutSku("EMPTY", "never moved", ACTOR),
    move("t1", "A", "supplier", "unallocated", 100),
    move("t2", "A", "unallocated", "channel:douyin", 60, PACE),
    move("t3", "B", "supplier", "channel:douyin", 30),
    move("t4", "B", "supplier", "channel:kuaishou", 10),
    move("refused-t", "A", "reserve", "unallocated", 1),
    place("open", ("A", 3)),
    place("kit", ("KIT", 2), ("A", 1)),
    place("sold", ("A", 5), ("B", 1)),
    place("refused", ("B", 1000)),
    ConfirmHold("sold", ACTOR),
]
"""Transfers 1 to 4 are t1 to t4; 5 and 6 are the legs of `sold`, A then B."""


def open_shop(store: Store) -> None:
    """Run the trade and see that it went as meant."""
    codes = [decision.code for decision in decide(store, TRADE, 1_000)]
    refused = [code for code in codes if code is ResultCode.INSUFFICIENT_AVAILABLE]
    successes = {ResultCode.SAVED, ResultCode.POSTED, ResultCode.PLACED, ResultCode.CONFIRMED}
    assert len(refused) == 2
    assert set(codes) - set(refused) == successes
