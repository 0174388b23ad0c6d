"""The reading side of the store in memory, with a `verify` written in Python, apart from the SQL one."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from holdfast.ledger.accounts import INSIDE, AccountKey, AccountKind, account_name
from holdfast.ledger.guard.counters import LOSS, UNITS, USED, exposure_keys, gate_key
from holdfast.ledger.guard.tallies import period_of
from holdfast.ledger.records import ACROSS_CHANNELS, Channel, CountKey, Hold, Refusal, Sku, Transfer
from holdfast.ledger.views import StockView, stock_view
from holdfast.storage.contract import (
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
from holdfast.storage.records import DocumentRow
from holdfast.storage.saving import number_of
from tests.fakes.memory_store import MemoryFile, Rows

T = TypeVar("T")


class MemoryReader:
    """Each call takes the rows of the last commit, which nobody changes any more."""

    def __init__(self, file: MemoryFile) -> None:
        self._file = file

    def head(self) -> Head:
        return self._file.rows.head

    def stock(self, sku: str) -> StockView | None:
        rows = self._file.rows
        return _view(rows, sku) if sku in rows.skus else None

    def stocks(self, after: str, limit: int) -> list[StockView]:
        rows = self._file.rows
        names = sorted(item.sku for item in rows.skus.values() if item.sku > after and not item.components)
        return [_view(rows, name) for name in names[:limit]]

    def stock_since(self, version: int) -> tuple[int, list[StockView]]:
        rows = self._file.rows
        names = {key.sku for key, account in rows.accounts.items() if account.version > version}
        return rows.head.commit_number, [_view(rows, name) for name in sorted(names)]

    def sku(self, sku: str) -> Sku | None:
        return self._file.rows.skus.get(sku)

    def skus(self, after: str, limit: int) -> list[Sku]:
        return [item for name, item in sorted(self._file.rows.skus.items()) if name > after][:limit]

    def channel(self, channel: str) -> Channel | None:
        return self._file.rows.channels.get(channel)

    def channels(self) -> list[Channel]:
        return [channel for _, channel in sorted(self._file.rows.channels.items())]

    def hold(self, id: str) -> Hold | None:
        return self._file.rows.holds.get(id)

    def transfer(self, id: str) -> TransferRow | None:
        rows = self._file.rows
        seq = rows.transfer_ids.get(id)
        return None if seq is None else TransferRow(seq, rows.transfers[seq])

    def transfers(self, sku: str | None, before_seq: int, limit: int) -> list[TransferRow]:
        chosen = {seq: row for seq, row in self._file.rows.transfers.items() if sku in (None, row.sku)}
        return [TransferRow(seq, row) for seq, row in _newest(chosen, before_seq, limit)]

    def find_transfers(self, wanted: TransferFilter, before_seq: int, limit: int) -> TransferFind:
        chosen = {seq: row for seq, row in self._file.rows.transfers.items() if _fits(row, wanted)}
        found = [TransferRow(seq, row) for seq, row in _newest(chosen, before_seq, limit + 1)]
        return TransferFind(found[:limit], found[limit - 1].seq if len(found) > limit else None)

    def find_holds(self, wanted: HoldFilter, before_seq: int, limit: int) -> HoldFind:
        chosen = {
            seq: hold
            for seq, hold in enumerate(self._file.rows.holds.values(), 1)
            if wanted.sku is None or wanted.sku in {line.sku for line in (*hold.lines, *hold.draws)}
            if wanted.channel in (None, hold.channel) and wanted.status in (None, hold.status)
        }
        found = _newest(chosen, before_seq, limit + 1)
        holds = [hold for _, hold in found[:limit]]
        return HoldFind(holds, found[limit - 1][0] if len(found) > limit else None)

    def reviews(self, review: str, before_seq: int, limit: int) -> HoldFind:
        holds = enumerate(self._file.rows.holds.values(), 1)
        chosen = {seq: hold for seq, hold in holds if hold.review == review}
        found = _newest(chosen, before_seq, limit + 1)
        next_seq = found[limit - 1][0] if len(found) > limit else None
        return HoldFind([hold for _, hold in found[:limit]], next_seq)

    def refusal(self, kind: str, id: str) -> Refusal | None:
        return self._file.rows.refusals.get((kind, id))

    def refused_holds(self, sku: str, from_us: int, to_us: int, limit: int) -> list[Refusal]:
        chosen = [
            refusal
            for refusal in self._file.rows.refusals.values()
            if refusal.kind == "hold" and from_us <= refusal.recorded_at_us < to_us
            if sku in cast("dict[str, int]", refusal.body["lines"])
        ]
        return sorted(chosen, key=lambda refusal: (refusal.recorded_at_us, refusal.id))[:limit]

    def find_refused_holds(self, wanted: RefusalFilter, before: tuple[int, str], limit: int) -> list[Refusal]:
        chosen = [
            refusal
            for refusal in self._file.rows.refusals.values()
            if refusal.kind == "hold" and (refusal.recorded_at_us, refusal.id) < before
            if _fits_refusal(refusal, wanted)
        ]
        return sorted(chosen, key=lambda each: (each.recorded_at_us, each.id), reverse=True)[:limit]

    def counts(self, sku: str, period: str, buyer: str) -> dict[str, int]:
        rows = self._file.rows
        return {key.scope: number for key, number in rows.counts.items() if key[:3] == (sku, period, buyer)}

    def spent_tallies(self, before_s: int, limit: int) -> list[tuple[int, int]]:
        rows = self._file.rows
        spent = [
            (number_of(key), tally.until_s)
            for key, tally in rows.tallies.items()
            if 0 < tally.until_s <= before_s
            or rows.periods_over.get(period_of(key), before_s + 1) <= before_s
        ]
        return spent[:limit]

    def audit(self, target: str | None, before_seq: int, limit: int) -> list[AuditRow]:
        chosen = {
            seq: entry for seq, entry in self._file.rows.audit.items() if target in (None, entry.target)
        }
        return [AuditRow(seq, entry) for seq, entry in _newest(chosen, before_seq, limit)]

    def document(self, kind: str, id: str) -> DocumentRow | None:
        return self._file.rows.sync.documents.get((kind, id))

    def documents(self, kind: str, after: str, limit: int) -> list[DocumentRow]:
        found = sorted(self._file.rows.sync.documents.items())
        return [row for (of, id), row in found if of == kind and id > after][:limit]

    def audit_slice(self, after_seq: int, limit: int) -> AuditSlice:
        rows = self._file.rows
        places = sorted(seq for seq in rows.transfers if seq > after_seq)[:limit]
        last_seq = places[-1] if places else after_seq
        balances = None
        if last_seq == max(rows.transfers, default=0):
            balances = {_plain(key): account.posted for key, account in rows.accounts.items()}
        sums = _moved(rows.transfers[seq] for seq in places)
        return AuditSlice(last_seq, {_plain(key): quantity for key, quantity in sums.items()}, balances)

    def held_differences(self) -> list[Difference]:
        rows = self._file.rows
        wanted: Counter[AccountKey] = Counter()
        for hold in rows.holds.values():
            if hold.status == "placed":
                for draw in hold.draws:
                    wanted[AccountKey(draw.sku, "main", AccountKind.CHANNEL, hold.channel)] += draw.quantity
        found = {key: account.held for key, account in rows.accounts.items()}
        return _compare("held", wanted, found, _account_text)

    def verify(self, progress: Callable[[str], None]) -> list[Difference]:
        rows = self._file.rows
        found: list[Difference] = []
        for name, check in _CHECKS.items():
            progress(name)
            found += self.held_differences() if check is None else check(rows)
        return found

    def close(self) -> None:
        """Nothing is open."""


def _view(rows: Rows, sku: str) -> StockView:
    return stock_view(sku, [account for key, account in rows.accounts.items() if key.sku == sku])


def _newest(rows: Mapping[int, T], before_seq: int, limit: int) -> list[tuple[int, T]]:
    return [(seq, row) for seq, row in sorted(rows.items(), reverse=True) if seq < before_seq][:limit]


def _moved(transfers: Iterable[Transfer]) -> Counter[AccountKey]:
    sums: Counter[AccountKey] = Counter()
    for transfer in transfers:
        sku, location = transfer.sku, transfer.location
        sums[AccountKey(sku, location, transfer.from_kind, transfer.from_scope)] -= transfer.quantity
        sums[AccountKey(sku, location, transfer.to_kind, transfer.to_scope)] += transfer.quantity
    return sums


def _plain(key: AccountKey) -> tuple[str, str, str, str]:
    return key.sku, key.location, key.kind.value, key.scope


def _account_text(key: AccountKey) -> str:
    return f"{key.sku} {key.location} {account_name(key.kind, key.scope)}"


def _compare(
    check: str, expected: Mapping[T, int], found: Mapping[T, int], text: Callable[[T], str]
) -> list[Difference]:
    return [
        Difference(check, text(key), str(expected.get(key, 0)), str(found.get(key, 0)))
        for key in {**expected, **found}
        if expected.get(key, 0) != found.get(key, 0)
    ]


def _check_posted(rows: Rows) -> list[Difference]:
    posted = {key: account.posted for key, account in rows.accounts.items()}
    return _compare("posted", _moved(rows.transfers.values()), posted, _account_text)


def _check_zero_sum(rows: Rows) -> list[Difference]:
    sums: defaultdict[str, int] = defaultdict(int)
    for key, account in rows.accounts.items():
        sums[key.sku] += account.posted
    return _compare("zero_sum", {}, sums, str)


def _check_bounds(rows: Rows) -> list[Difference]:
    return [
        Difference(
            "bounds",
            _account_text(key),
            "0 <= held <= posted",
            f"posted {account.posted}, held {account.held}",
        )
        for key, account in rows.accounts.items()
        if account.held < 0 or (key.kind in INSIDE and (account.posted < 0 or account.held > account.posted))
    ]


def _check_confirmed(rows: Rows) -> list[Difference]:
    wanted: Counter[tuple[str, str]] = Counter()
    moved: Counter[tuple[str, str]] = Counter()
    for hold in rows.holds.values():
        if hold.status == "confirmed":
            wanted.update({(hold.id, draw.sku): draw.quantity for draw in hold.draws})
    for transfer in rows.transfers.values():
        if transfer.id is None and transfer.reason == "hold_confirmed":
            moved[transfer.reference, transfer.sku] += transfer.quantity
    return _compare("confirmed", wanted, moved, lambda key: f"hold {key[0]} {key[1]}")


def _check_counts(rows: Rows) -> list[Difference]:
    wanted: Counter[CountKey] = Counter()
    for hold in rows.holds.values():
        if hold.status in ("placed", "confirmed"):
            for sku, quantity, period in hold.lines:
                if period:
                    wanted[CountKey(sku, period, hold.buyer, hold.channel)] += quantity
                    wanted[CountKey(sku, period, hold.buyer_key or hold.buyer, ACROSS_CHANNELS)] += quantity
    return _compare(
        "counts",
        wanted,
        {key: quantity for key, quantity in rows.counts.items() if ":" not in key.scope},
        lambda key: f"buyer {key.buyer} of {key.sku} in {key.period} at {key.scope}",
    )


def _check_exposure(rows: Rows) -> list[Difference]:
    """Exposure from the holds that stand, gates from all that showed a ticket."""
    wanted: Counter[CountKey] = Counter()
    for hold in rows.holds.values():
        if hold.guard is None:
            continue
        for counted in hold.guard.counted if hold.status in ("placed", "confirmed") else ():
            units, loss = exposure_keys(counted.sku, counted.period)
            wanted[units] += counted.units
            wanted[loss] += counted.loss_cents
        if hold.guard.ticket:
            wanted[gate_key(hold.guard.gate)] += 1
    found = {key: number for key, number in rows.counts.items() if key.scope in (UNITS, LOSS, USED)}
    return _compare(
        "exposure", wanted, found, lambda key: f"{key.buyer}{key.scope} of {key.sku} in {key.period}"
    )


def _check_tickets(rows: Rows) -> list[Difference]:
    """A ticket places one hold."""
    notes = [hold.guard for hold in rows.holds.values() if hold.guard is not None and hold.guard.ticket]
    used = Counter((note.gate, note.ticket) for note in notes)
    return [
        Difference("tickets", f"ticket {ticket} of gate {gate}", "at most 1 hold", str(count))
        for (gate, ticket), count in used.items()
        if count > 1
    ]


def _check_rights(rows: Rows) -> list[Difference]:
    """Units that the rights of a channel's listings draw on, against what its account has."""
    wanted: Counter[tuple[str, str]] = Counter()
    for key, units in rows.sync.rights.items():
        listing = rows.sync.listings.get(key)
        if listing is not None and not listing.removed:
            item = rows.skus.get(listing.sku)
            for sku, each in (item and item.components) or ((listing.sku, 1),):
                wanted[sku, listing.channel] += units * each
    found = []
    for (sku, channel), units in wanted.items():
        account = rows.accounts.get(AccountKey(sku, "main", AccountKind.CHANNEL, channel))
        there = account.posted - account.held if account is not None else 0
        if units > there:
            found.append(
                Difference("rights", f"rights of {sku} at {channel}", f"at most {there}", str(units))
            )
    return found


_CHECKS: dict[str, Callable[[Rows], list[Difference]] | None] = {
    "posted": _check_posted,
    "held": None,
    "zero_sum": _check_zero_sum,
    "bounds": _check_bounds,
    "confirmed": _check_confirmed,
    "counts": _check_counts,
    "exposure": _check_exposure,
    "tickets": _check_tickets,
    "rights": _check_rights,
}


def _fits(row: Transfer, wanted: TransferFilter) -> bool:
    return (
        wanted.sku in (None, row.sku)
        and wanted.account in (None, (row.from_kind, row.from_scope), (row.to_kind, row.to_scope))
        and wanted.location in (None, row.location)
        and wanted.reason in (None, row.reason)
        and wanted.actor in (None, row.actor)
        and wanted.reference in (None, row.reference)
    )


def _fits_refusal(refusal: Refusal, wanted: RefusalFilter) -> bool:
    body: Any = refusal.body
    has = {"id": refusal.id, "code": refusal.code, "buyer": body["buyer"], **(body.get("signals") or {})}
    named = {name: value for name, value in wanted._asdict().items() if value and name != "sku"}
    return wanted.sku in ("", *body["lines"]) and all(has.get(name) == named[name] for name in named)
