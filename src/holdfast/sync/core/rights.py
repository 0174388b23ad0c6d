"""The only place where we move rights and pools, in the order that keeps every unit from being sold twice.

A grant leaves the pool in the commit that records its write, before the platform is called. A recall comes
back to the pool only in a commit after the platform's answer, or after a reading proved that the units are
not there. What is unknown stays with the channel.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from ..messages import Call, Commit, ListingId, Move, Operation, Write, WriteStatus
from .state import ListingState, State, WriteState

UNDO_KEPT_S = 60.0
"""How long a commit may be refused after it was asked for."""


@dataclass(slots=True)
class _Asked:
    """A commit, with what to do about its writes if it is refused."""

    commit: Commit
    at_s: float
    mend: Callable[[], None]


class Rights:
    """Moves units between pools and rights, and settles writes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._asked: dict[str, _Asked] = {}
        self._order: deque[str] = deque()

    def affordable(self, listing: ListingState) -> int:
        """Units that the pools of all its SKUs allow to grant."""
        return min(max(0, self._state.sku(sku).pool) // draw for sku, draw in listing.draws)

    def write(
        self,
        listing: ListingState,
        operation: Operation,
        quantity: int,
        change: int,
        expected: int | None,
        now_s: float,
    ) -> WriteState:
        """Record a write and ask for its call; what it adds to the right moves in the same commit."""
        state = self._state
        write = Write(
            state.new_id("w"), listing.id, operation, quantity, change, WriteStatus.OPEN, expected=expected
        )
        unsettled = WriteState(write, now_s, now_s, calls_open=1, tries=1)
        call = state.new_call(listing.id.channel, operation, listing.id, write)
        moves = (self._move(write.id, listing, change, "grant"),) if change > 0 else ()
        listing.keep(unsettled)
        listing.current = unsettled
        listing.writes_made += 1

        def forget() -> None:
            listing.unsettled.pop(write.id, None)
            if listing.current is unsettled:
                listing.current = None

        self._ask(moves, (write,), (call,), forget, now_s)
        return unsettled

    def move_only(self, listing: ListingState, change: int, now_s: float) -> None:
        """Our own shop has no counter: the move itself is the effect."""
        reason = "grant" if change > 0 else "recall"
        self._ask((self._move(self._state.new_id("n"), listing, change, reason),), (), (), _nothing, now_s)

    def applied(self, listing: ListingState, settled: WriteState, taken: int, now_s: float) -> bool:
        """The platform did it; of a recall, `taken` units come back to the pool.

        False where the right on file does not cover all of them yet: they were returned and we have not heard
        of it; a later reading finds them.
        """
        write = settled.write
        moves: tuple[Move, ...] = ()
        done = write.quantity
        if write.change < 0:
            done = min(taken, -write.change, max(0, listing.right))
            if done > 0:
                moves = (self._move(write.id, listing, -done, "recall"),)
        self._settle(listing, settled, WriteStatus.APPLIED, done, moves, now_s)
        return write.change >= 0 or done == min(taken, -write.change)

    def not_applied(self, listing: ListingState, settled: WriteState, now_s: float) -> bool:
        """The platform surely did not do it: what was granted for it goes back, False as in `applied`."""
        moves: tuple[Move, ...] = ()
        back = min(settled.write.change, max(0, listing.right))
        if back > 0:
            moves = (self._move(write_undo(settled.write), listing, -back, "grant_undone"),)
        self._settle(listing, settled, WriteStatus.REFUSED, 0, moves, now_s)
        return back >= settled.write.change or settled.write.change <= 0

    def doubted(self, listing: ListingState, doubted: WriteState, now_s: float) -> None:
        """Nobody will tell what became of it, but a reading can; the units stay with the channel."""
        if listing.current is doubted:
            listing.current = None
        if doubted.write.status is WriteStatus.UNKNOWN:
            return
        before = doubted.write
        doubted.write = _with(before, WriteStatus.UNKNOWN, 0)

        def open_again() -> None:
            doubted.write = before

        self._ask((), (doubted.write,), (), open_again, now_s)

    def read(self, listing: ListingState, missing: int, explained: dict[str, int], now_s: float) -> None:
        """A reading with complete orders proved that `missing` units of the right are not on the counter.

        `explained` are the unknown writes that this settles, with what was applied of each.
        """
        missing = min(missing, max(0, listing.right))
        moves = (self._move(self._state.new_id("r"), listing, -missing, "reading"),) if missing > 0 else ()
        settled, writes = [], []
        for write_id, done in explained.items():
            unsettled = listing.unsettled.pop(write_id)
            settled.append(unsettled)
            status = WriteStatus.APPLIED if done > 0 else WriteStatus.REFUSED
            writes.append(_with(unsettled.write, status, done))

        def doubt_again() -> None:
            for unsettled in settled:
                listing.keep(unsettled)

        if moves or writes:
            self._ask(moves, tuple(writes), (), doubt_again, now_s)

    def refused(self, commit: str) -> tuple[Commit, list[ListingState]] | None:
        """Undo a commit that the ledger did not make; the commit and the listings it was about."""
        asked = self._asked.pop(commit, None)
        if asked is None:
            return None
        touched: dict[ListingId, ListingState] = {}
        for move in asked.commit.moves:
            listing = self._state.listings.get(move.listing)
            if listing is not None:
                self._shift(listing, -move.change)
                touched[listing.id] = listing
        for write in asked.commit.writes:
            listing = self._state.listings.get(write.listing)
            if listing is not None:
                touched[listing.id] = listing
        asked.mend()
        return asked.commit, list(touched.values())

    def _settle(
        self,
        listing: ListingState,
        settled: WriteState,
        status: WriteStatus,
        done: int,
        moves: tuple[Move, ...],
        now_s: float,
    ) -> None:
        listing.unsettled.pop(settled.write.id, None)
        if listing.current is settled:
            listing.current = None
        listing.settled_at_s = now_s
        listing.writes_made += 1

        def doubt() -> None:
            # What the platform did is done; without the ledger's word the units stay with the channel.
            settled.doubtful = True
            listing.keep(settled)

        self._ask(moves, (_with(settled.write, status, done),), (), doubt, now_s)

    def _move(self, move_id: str, listing: ListingState, change: int, reason: str) -> Move:
        paces = self._paces(listing) if reason in _DECIDED else {}
        self._shift(listing, change)
        return Move(move_id, listing.id, change, reason, paces)

    def _paces(self, listing: ListingState) -> dict[str, dict[str, float]]:
        """What each channel sells of its SKUs; nothing where a person's word decides, not the sales."""
        if listing.rule.frozen or listing.rule.fixed is not None:
            return {}
        return {sku: self._state.sku(sku).paces() for sku, _ in listing.draws}

    def _shift(self, listing: ListingState, change: int) -> None:
        listing.right += change
        for sku, draw in listing.draws:
            self._state.sku(sku).pool -= change * draw

    def _ask(
        self,
        moves: tuple[Move, ...],
        writes: tuple[Write, ...],
        calls: tuple[Call, ...],
        mend: Callable[[], None],
        now_s: float,
    ) -> None:
        commit = Commit(self._state.new_id("c"), moves, writes, calls)
        self._asked[commit.id] = _Asked(commit, now_s, mend)
        self._order.append(commit.id)
        while self._order:
            oldest = self._asked.get(self._order[0])
            if oldest is not None and oldest.at_s > now_s - UNDO_KEPT_S:
                break
            self._asked.pop(self._order.popleft(), None)
        self._state.commit(commit)


_DECIDED = frozenset({"grant", "recall"})
"""The reasons that are a decision; the others follow from what the platform said."""


def write_undo(write: Write) -> str:
    """The id of the move that takes a grant back."""
    return f"{write.id}-undone"


def _with(write: Write, status: WriteStatus, applied: int) -> Write:
    return Write(
        write.id,
        write.listing,
        write.operation,
        write.quantity,
        write.change,
        status,
        applied,
        write.expected,
    )


def _nothing() -> None:
    """A refused commit without writes leaves nothing to mend."""
