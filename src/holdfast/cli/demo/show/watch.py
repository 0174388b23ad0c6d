"""What everybody says at one moment: the ledger, the sync, every platform of itself; and how stock moved."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from holdfast.cli.client import ApiClient, path_of

from .plan import CHANNELS, SKU
from .platforms import Platform, Word

AUTOPILOT = "sync:rights"
"""Who moves stock between the channels without being asked."""
PAGE_SIZE = 1_000
RECENT = 200


class Move(msgspec.Struct, frozen=True):
    """Units that the autopilot gave to a channel, or took back from it when `units` is below zero."""

    at: datetime
    channel: str
    units: int
    reason: str


class Line(msgspec.Struct, frozen=True):
    """How the server says that the sync of a channel stands."""

    by_push: int = 0
    by_poll: int = 0
    open_writes: int = 0
    unmapped: int = 0
    oversold: int = 0
    problem: str = ""


class Books(msgspec.Struct, frozen=True):
    """The ledger's stock of the item by account: units of nobody, rights, held ones, sold ones, debts."""

    on_hand: int
    pool: int
    rights: dict[str, int]
    held: dict[str, int]
    sold: dict[str, int]
    debts: int

    @property
    def left(self) -> int:
        """Units that anybody may still sell."""
        return self.pool + sum(self.rights.values())


class Look(msgspec.Struct, frozen=True):
    """One moment; the parts were asked one after the other, so only in quiet do they have to agree."""

    books: Books
    lines: dict[str, Line]
    words: dict[str, Word]

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way, and every counter equals its right."""
        return (
            not any(line.open_writes for line in self.lines.values())
            and not any(self.books.held.values())
            and not any(word.unpaid for word in self.words.values())
            and all(
                word.counter == self.books.rights[name] and word.sold == self.books.sold[name]
                for name, word in self.words.items()
            )
        )


class Watch:
    """Looks at everything; `moves` are the newest of those seen, the oldest first."""

    def __init__(self, client: ApiClient, platforms: Mapping[str, Platform]) -> None:
        self.moves: list[Move] = []
        self._client = client
        self._platforms = platforms
        self._known: set[str] = set()

    def look(self) -> Look:
        """Ask everybody; raises RequestFailed or DemoFailed."""
        words = {name: platform.word() for name, platform in self._platforms.items()}
        books = books_of(self._client.get(path_of("v1", "stock", SKU)))
        lines = {item["channel"]: _line(item) for item in self._client.get("/v1/sync")["items"]}
        self._note_moves()
        return Look(books, lines, words)

    def all_moves(self) -> list[Move]:
        """Every one since the beginning, the newest first."""
        return [move for _, move in _moves(self._transfers())]

    def beyond_right(self) -> int:
        """Units that orders took beyond a right, but for those whose own return repaid them.

        A unit that was given back and sold again may be heard of as sold again first: no loss to anybody.
        """
        units = {"oversold": 1, "oversold_repaid": -1}
        return sum(units.get(each["reason"], 0) * int(each["quantity"]) for each in self._transfers())

    def _note_moves(self) -> None:
        page = self._client.get("/v1/transfers", sku=SKU, limit=RECENT)["items"]
        fresh = [(id, move) for id, move in _moves(page) if id not in self._known]
        self._known.update(id for id, _ in fresh)
        self.moves += [move for _, move in reversed(fresh)]

    def _transfers(self) -> Iterator[Any]:
        query: dict[str, str | int] = {"sku": SKU, "limit": PAGE_SIZE}
        while True:
            page = self._client.get("/v1/transfers", **query)
            yield from page["items"]
            if page["next"] is None:
                return
            query["before"] = page["next"]


def books_of(document: Any) -> Books:
    """From `GET /v1/stock/{sku}`."""
    posted = {each["account"]: each["posted"] for each in document["accounts"]}
    held = {each["account"]: each["held"] for each in document["accounts"]}

    def by_channel(kind: str, values: Mapping[str, int]) -> dict[str, int]:
        return {name: values.get(f"{kind}:{name}", 0) for name in CHANNELS}

    held_by_channel = by_channel("channel", held)
    rights = {name: units - held_by_channel[name] for name, units in by_channel("channel", posted).items()}
    return Books(
        on_hand=document["on_hand"],
        pool=posted.get("unallocated", 0),
        rights=rights,
        held=held_by_channel,
        sold=by_channel("committed", posted),
        debts=-sum(by_channel("oversold", posted).values()),
    )


def _line(item: Any) -> Line:
    return Line(
        by_push=item["orders_by_push"],
        by_poll=item["orders_by_poll"],
        open_writes=len(item["open_writes"]),
        unmapped=item["unmapped_orders"],
        oversold=item["oversold_units"],
        problem=item["problem"],
    )


def _moves(transfers: Any) -> Iterator[tuple[str, Move]]:
    for each in transfers:
        if each["actor"] != AUTOPILOT:
            continue
        ends = {"from": each["from"].partition(":"), "to": each["to"].partition(":")}
        sign, (kind, _, channel) = (1, ends["to"]) if each["from"] == "unallocated" else (-1, ends["from"])
        if kind == "channel":
            at = datetime.fromisoformat(each["recorded_at"])
            yield each["id"], Move(at, channel, sign * each["quantity"], each["reason"])
