"""The reading side of any SQL database: what is asked, and what becomes of the rows."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby

from holdfast.ledger.records import HOLD_PLACED, Channel, Hold, Refusal, Sku
from holdfast.ledger.views import StockView, stock_view

from .contract import (
    AuditRow,
    AuditSlice,
    Difference,
    Head,
    HoldFilter,
    HoldFind,
    RefusalFilter,
    TransferFilter,
    TransferFind,
    TransferRow,
)
from .records import DocumentRow
from .rows import (
    Row,
    json_text,
    to_account,
    to_audit,
    to_channel,
    to_hold,
    to_quantities,
    to_refusal,
    to_sku,
    to_transfer,
)

AUDIT_ENTRY_BITS = 16
"""Places in the trail are the row's number and, in these bits, the entry's place in the row."""

STRETCH = 20_000
"""Most records that one look for some of them goes through, so that a rare word holds up no reader."""

_CHECKS = (
    "check_posted",
    "check_held",
    "check_zero_sum",
    "check_bounds",
    "check_confirmed",
    "check_counts",
    "check_exposure",
    "check_tickets",
    "check_rights",
)


class SqlReader(ABC):
    """Asks by the names of statements; a database says how they are run."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the store."""

    @abstractmethod
    def _rows(self, name: str, *values: object) -> Sequence[Row]:
        """The rows of a statement; raises StoreError."""

    @abstractmethod
    def _snapshot(self) -> AbstractContextManager[None]:
        """Several statements, one state; may be entered within itself."""

    @abstractmethod
    def _names(self, names: Sequence[str]) -> object:
        """Names as the one parameter that stands for all of them."""

    def head(self) -> Head:
        """Number and time of the last commit."""
        return Head(*self._rows("head")[0])

    def stock(self, sku: str) -> StockView | None:
        """Stock of a counted SKU; None if there is no such item."""
        with self._snapshot():
            if not self._rows("sku", sku):
                return None
            return stock_view(sku, map(to_account, self._rows("stock", sku)))

    def stocks(self, after: str, limit: int) -> list[StockView]:
        """A page of counted SKUs in order of their name, those without stock too."""
        with self._snapshot():
            names = [row[0] for row in self._rows("sku_names", after, limit)]
            found = views(self._rows("stock_page", self._names(names)))
            by_sku = {view.sku: view for view in found}
            return [by_sku.get(name) or stock_view(name, ()) for name in names]

    def stock_since(self, version: int) -> tuple[int, list[StockView]]:
        """The head's number, and every SKU that changed after commit `version`."""
        with self._snapshot():
            number = self.head().commit_number
            return number, list(views(self._rows("stock_since", version)))

    def sku(self, sku: str) -> Sku | None:
        """One item."""
        rows = self._rows("sku", sku)
        return to_sku(rows[0]) if rows else None

    def skus(self, after: str, limit: int) -> list[Sku]:
        """A page of items, bundles included."""
        return [to_sku(row) for row in self._rows("skus", after, limit)]

    def channel(self, channel: str) -> Channel | None:
        """One channel."""
        rows = self._rows("channel", channel)
        return to_channel(rows[0]) if rows else None

    def channels(self) -> list[Channel]:
        """All channels."""
        return [to_channel(row) for row in self._rows("channels")]

    def hold(self, id: str) -> Hold | None:
        """One hold."""
        rows = self._rows("hold", id)
        return to_hold(rows[0]) if rows else None

    def transfer(self, id: str) -> TransferRow | None:
        """One transfer by its caller's id."""
        rows = self._rows("transfer", id)
        return _transfer_row(rows[0]) if rows else None

    def transfers(self, sku: str | None, before_seq: int, limit: int) -> list[TransferRow]:
        """Transfers before a place in the ledger, the newest first."""
        if sku is None:
            rows = self._rows("transfers", before_seq, limit)
        else:
            rows = self._rows("transfers_of_sku", sku, before_seq, limit)
        return [_transfer_row(row) for row in rows]

    def find_transfers(self, wanted: TransferFilter, before_seq: int, limit: int) -> TransferFind:
        """Transfers that fit, the newest first, of one bounded stretch before a place in the ledger."""
        kind = None if wanted.account is None else ":".join(wanted.account)
        fits = (kind, wanted.location, wanted.reason, wanted.actor, wanted.reference)
        with self._snapshot():
            if wanted.sku is None:
                start, size = self._rows("stretch", before_seq, STRETCH)[0]
                rows = self._rows("find_transfers", before_seq, start, *fits, limit + 1)
            else:
                start, size = self._rows("stretch_of_sku", wanted.sku, before_seq, STRETCH)[0]
                rows = self._rows("find_transfers_of_sku", wanted.sku, before_seq, start, *fits, limit + 1)
        found = [_transfer_row(row) for row in rows[:limit]]
        return TransferFind(found, _next_seq(rows, limit, start, size))

    def find_holds(self, wanted: HoldFilter, before_seq: int, limit: int) -> HoldFind:
        """Holds that fit, the newest first: of all that are open, or of one bounded stretch."""
        sku = wanted.sku
        if wanted.status == HOLD_PLACED:
            rows = self._rows("find_open_holds", before_seq, wanted.channel, sku, sku, limit + 1)
            start, size = None, 0
        else:
            with self._snapshot():
                start, size = self._rows("hold_stretch", before_seq, STRETCH)[0]
                fits = (wanted.status, wanted.channel, sku, sku)
                rows = self._rows("find_holds", before_seq, start, *fits, limit + 1)
        return HoldFind([to_hold(row[:-1]) for row in rows[:limit]], _next_seq(rows, limit, start, size))

    def reviews(self, review: str, before_seq: int, limit: int) -> HoldFind:
        """Holds whose review stands so, the newest first."""
        rows = self._rows("reviews", review, before_seq, limit + 1)
        return HoldFind([to_hold(row[:-1]) for row in rows[:limit]], _next_seq(rows, limit, None, 0))

    def refusal(self, kind: str, id: str) -> Refusal | None:
        """One refused command."""
        rows = self._rows("refusal", kind, id)
        return to_refusal(rows[0]) if rows else None

    def refused_holds(self, sku: str, from_us: int, to_us: int, limit: int) -> list[Refusal]:
        """Refused holds of an item in a stretch of time, the oldest first; goes through all refusals."""
        return [to_refusal(row) for row in self._rows("refused_holds", from_us, to_us, sku, limit)]

    def find_refused_holds(self, wanted: RefusalFilter, before: tuple[int, str], limit: int) -> list[Refusal]:
        """Refused holds that fit, before a time and id, the newest first; goes through all refusals."""
        sku = wanted.sku or None
        fits = (wanted.id, wanted.code, wanted.buyer, wanted.device, wanted.address, wanted.payment)
        return [to_refusal(row) for row in self._rows("find_refused_holds", *before, *fits, sku, sku, limit)]

    def counts(self, sku: str, period: str, buyer: str) -> dict[str, int]:
        """Counters of one row, by scope; empty if nothing was ever counted."""
        rows = self._rows("counts", sku, period, buyer)
        return to_quantities(rows[0][0]) if rows else {}

    def spent_tallies(self, before_s: int, limit: int) -> list[tuple[int, int]]:
        """Number and end of tallies whose end, or that of their item's period, was at or before then."""
        return [(row[0], row[1]) for row in self._rows("spent_tallies", before_s, before_s, limit)]

    def audit(self, target: str | None, before_seq: int, limit: int) -> list[AuditRow]:
        """Audit entries before a place in the trail, the newest first."""
        found: list[AuditRow] = []
        # A row holds the entries of one commit; the text of a target narrows the rows, the entry decides.
        part, row_seq = "" if target is None else json_text(target), before_seq >> AUDIT_ENTRY_BITS
        with self._snapshot():
            while len(found) < limit:
                rows = self._rows("audit", row_seq, part, limit)
                for seq, *columns in rows:
                    for index, entry in reversed(list(enumerate(to_audit(tuple(columns))))):
                        place = seq << AUDIT_ENTRY_BITS | index
                        if place < before_seq and target in (None, entry.target):
                            found.append(AuditRow(place, entry))
                if len(rows) < limit:
                    break
                row_seq = rows[-1][0] - 1
        return found[:limit]

    def document(self, kind: str, id: str) -> DocumentRow | None:
        """One document of the operations."""
        rows = self._rows("document", kind, id)
        return DocumentRow(*rows[0]) if rows else None

    def documents(self, kind: str, after: str, limit: int) -> list[DocumentRow]:
        """Documents of a kind, in order of their ids."""
        return [DocumentRow(*row) for row in self._rows("documents", kind, after, limit)]

    def audit_slice(self, after_seq: int, limit: int) -> AuditSlice:
        """Sums of at most `limit` transfers behind `after_seq`; balances too once that is all."""
        with self._snapshot():
            end = self._rows("audit_slice_end", after_seq, limit)[0][0]
            last_seq = after_seq if end is None else end
            rows = self._rows("audit_slice", after_seq, last_seq)
            sums = {(row[0], row[1], row[2], row[3]): row[4] for row in rows}
            balances = None
            if last_seq == self._rows("transfers_end")[0][0]:
                posted = self._rows("posted")
                balances = {(row[0], row[1], row[2], row[3]): row[4] for row in posted}
            return AuditSlice(last_seq, sums, balances)

    def held_differences(self) -> list[Difference]:
        """Accounts whose held units are not those of the open holds."""
        return self._check("check_held")

    def verify(self, progress: Callable[[str], None]) -> list[Difference]:
        """Rebuild all that is derived and compare, in one snapshot; `progress` is told each check."""
        found: list[Difference] = []
        with self._snapshot():
            for name in _CHECKS:
                progress(name.removeprefix("check_"))
                found += self._check(name)
            progress("integrity")
            found += self._check("check_integrity")
        return found

    def _check(self, name: str) -> list[Difference]:
        check = name.removeprefix("check_")
        return [
            Difference(check, str(subject), str(expected), str(found))
            for subject, expected, found in self._rows(name)
        ]


def views(rows: Iterable[Row]) -> Iterator[StockView]:
    """The stock of every SKU of which there are rows of accounts."""
    for sku, group in groupby(sorted(rows), key=lambda row: row[0]):
        yield stock_view(sku, map(to_account, group))


def _next_seq(rows: Sequence[Row], limit: int, start: int | None, size: int) -> int | None:
    """Where to go on: behind a full page, else behind a stretch that was not the last one."""
    if len(rows) > limit:
        seq: int = rows[limit - 1][-1]
        return seq
    return start if size == STRETCH else None


def _transfer_row(row: Row) -> TransferRow:
    return TransferRow(row[-1], to_transfer(row))
