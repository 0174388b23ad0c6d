"""What the engine and the readers ask of a store, whichever database is behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.needs import BalanceNeeds, RecordNeeds
from holdfast.ledger.records import AuditEntry, Channel, Hold, Refusal, Sku, Transfer
from holdfast.ledger.state import State
from holdfast.ledger.views import StockView

from .records import DocumentRow, Record

DAMAGED = "what the store holds is damaged; restore it from a backup and run `holdfast verify`"


class StoreError(Exception):
    """The store could not do its work; `code` is stable, the message says what to do."""

    code = "store_failed"


class StoreBusy(StoreError):
    """Another process holds the store's lock for longer than we wait."""

    code = "store_busy"


class StoreFull(StoreError):
    """No room is left on the disk."""

    code = "store_full"


class StoreReadOnly(StoreError):
    """The file or the disk may not be written."""

    code = "store_read_only"


class StoreCorrupt(StoreError):
    """The file is damaged or is no Holdfast store."""

    code = "store_corrupt"


class StoreTooNew(StoreError):
    """The store was written by a newer Holdfast."""

    code = "store_too_new"


class StoreFenced(StoreError):
    """Another server does the work in the background now; nothing of this batch was written."""

    code = "store_fenced"


class Head(NamedTuple):
    """Where the ledger stands: number of the last commit and its time."""

    commit_number: int
    recorded_at_us: int


class Store(Protocol):
    """The writing side: begin, load what a batch needs, save what it changed, commit.

    Calls come from one thread. Nothing is kept between batches, and accounts are locked in sorted
    order where a store locks rows. Every method raises StoreError; after one the caller rolls back.
    """

    @property
    def waits(self) -> bool:
        """Whether loads and saves wait for another process: then the engine does them off its loop."""

    def open(self) -> None:
        """Connect and bring the schema up to date."""

    def begin(self) -> Head:
        """Start a batch; no other writer can come between, so StoreBusy if one is in its own.

        A store that `waits` says so only when it has waited in the database; another says so at once.
        """

    def load_records(self, state: State, needs: RecordNeeds) -> None:
        """Put the named records that exist into the state."""

    def load_balances(self, state: State, needs: BalanceNeeds) -> None:
        """Put all accounts of the named SKUs, further items, and counters (0 if new) into it."""

    def save(self, state: State) -> None:
        """Write the state's changes and move the head to its commit number and time."""

    def save_records(self, records: Iterable[Record]) -> None:
        """Write records in order; they are durable with the batch, and move no stock."""

    def commit(self) -> None:
        """Make the batch durable; when this returns, it survives a power cut."""

    def rollback(self) -> None:
        """Forget the batch; never raises."""

    def due_holds(self, now_us: int, limit: int) -> list[str]:
        """Ids of placed holds whose time is over, the oldest first."""

    def close(self) -> None:
        """Let go of the store; may be called twice."""


class Difference(NamedTuple):
    """Something `verify` found wrong: what was looked at, what it should be, what is on file."""

    check: str
    subject: str
    expected: str
    found: str


class AuditSlice(NamedTuple):
    """One step of the running audit: sums of the next transfers, and balances if it reached the end."""

    last_seq: int
    sums: dict[tuple[str, str, str, str], int]
    balances: dict[tuple[str, str, str, str], int] | None


@dataclass(slots=True)
class TransferRow:
    """A transfer with its place in the ledger."""

    seq: int
    transfer: Transfer


class TransferFilter(NamedTuple):
    """Which transfers are looked for; None stands for any."""

    sku: str | None = None
    account: tuple[AccountKind, str] | None = None
    location: str | None = None
    reason: str | None = None
    actor: str | None = None
    reference: str | None = None


class TransferFind(NamedTuple):
    """What a look at one stretch of the ledger found; `next_seq` is where the stretch before it ends."""

    rows: list[TransferRow]
    next_seq: int | None


class HoldFilter(NamedTuple):
    """Which holds are looked for; None stands for any, and a SKU is found in a bundle's parts too."""

    sku: str | None = None
    channel: str | None = None
    status: str | None = None


class RefusalFilter(NamedTuple):
    """Which refused holds are looked for; empty stands for any. Device, address and payment are hashes."""

    id: str = ""
    buyer: str = ""
    sku: str = ""
    code: str = ""
    device: str = ""
    address: str = ""
    payment: str = ""


class HoldFind(NamedTuple):
    """What a look at one stretch of the holds found; `next_seq` is where the stretch before it ends."""

    holds: list[Hold]
    next_seq: int | None


@dataclass(slots=True)
class AuditRow:
    """An audit entry with its place in the trail."""

    seq: int
    entry: AuditEntry


class Reader(Protocol):
    """The reading side; each call sees one consistent state. Not shared between threads."""

    def head(self) -> Head: ...

    def stock(self, sku: str) -> StockView | None: ...

    def stocks(self, after: str, limit: int) -> list[StockView]: ...

    def stock_since(self, version: int) -> tuple[int, list[StockView]]: ...

    def sku(self, sku: str) -> Sku | None: ...

    def skus(self, after: str, limit: int) -> list[Sku]: ...

    def channel(self, channel: str) -> Channel | None: ...

    def channels(self) -> list[Channel]: ...

    def hold(self, id: str) -> Hold | None: ...

    def transfer(self, id: str) -> TransferRow | None: ...

    def transfers(self, sku: str | None, before_seq: int, limit: int) -> list[TransferRow]: ...

    def find_transfers(self, wanted: TransferFilter, before_seq: int, limit: int) -> TransferFind: ...

    def find_holds(self, wanted: HoldFilter, before_seq: int, limit: int) -> HoldFind: ...

    def reviews(self, review: str, before_seq: int, limit: int) -> HoldFind: ...

    def refusal(self, kind: str, id: str) -> Refusal | None: ...

    def refused_holds(self, sku: str, from_us: int, to_us: int, limit: int) -> list[Refusal]: ...

    def find_refused_holds(
        self, wanted: RefusalFilter, before: tuple[int, str], limit: int
    ) -> list[Refusal]: ...

    def counts(self, sku: str, period: str, buyer: str) -> dict[str, int]: ...

    def spent_tallies(self, before_s: int, limit: int) -> list[tuple[int, int]]: ...

    def audit(self, target: str | None, before_seq: int, limit: int) -> list[AuditRow]: ...

    def document(self, kind: str, id: str) -> DocumentRow | None: ...

    def documents(self, kind: str, after: str, limit: int) -> list[DocumentRow]: ...

    def audit_slice(self, after_seq: int, limit: int) -> AuditSlice: ...

    def held_differences(self) -> list[Difference]: ...

    def verify(self, progress: Callable[[str], None]) -> list[Difference]: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class KeyRow:
    """An API key as stored: never the key itself, only its hash."""

    name: str
    role: str
    hash: str
    created_at_us: int
    created_by: str
    expires_at_us: int | None = None
    revoked_at_us: int | None = None


class KeyStore(Protocol):
    """API keys; several rows may carry one name while a key is being rotated."""

    def keys(self) -> list[KeyRow]: ...

    def add_key(self, row: KeyRow, entry: AuditEntry) -> None: ...

    def end_keys(self, name: str, at_us: int, except_hash: str, entry: AuditEntry) -> int: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class OverlayRow:
    """A page that shows a few items to viewers, as stored: of its address only the hash."""

    name: str
    hash: str
    skus: tuple[str, ...]
    theme: str
    layout: str
    place: str
    language: str
    created_at_us: int
    created_by: str
    revoked_at_us: int | None = None


class OverlayStore(Protocol):
    """Overlays; of one name at most one has not ended."""

    def overlays(self) -> list[OverlayRow]: ...

    def put_overlay(self, row: OverlayRow, entry: AuditEntry) -> None: ...

    def change_overlay(self, row: OverlayRow, entry: AuditEntry) -> int: ...

    def end_overlays(self, name: str, at_us: int, entry: AuditEntry) -> int: ...

    def close(self) -> None: ...


class Followed(NamedTuple):
    """What is newer than a commit: all up to `number`, read at one time.

    `commits` are those of other servers in order, None if they are no longer on file: then only `stocks`,
    every SKU that changed as it stands at `number`, in order of version, tell what happened.
    """

    number: int
    commits: list[State] | None
    stocks: list[StockView]


class NewsReader(Protocol):
    """Hears of commits; not shared between threads, every method raises StoreError."""

    def head(self) -> Head:
        """Where the ledger stands."""

    def follow(self, after: int) -> Followed | None:
        """What is newer than commit `after`; None if nothing is."""

    def close(self) -> None:
        """Let go of the store."""


class Post(NamedTuple):
    """Who does the work in the background: `token` if we do, and where the one is who does."""

    token: int | None
    url: str
    lost: bool = False
    """We had it, and another has taken it."""


class WorkerPost(Protocol):
    """The post of the one server that works in the background; not shared between threads."""

    def look(self, url: str, *, wants: bool) -> Post:
        """Take it if it is free and wanted, say that we live (at `url`) if we have it; raises StoreError."""

    def leave(self) -> None:
        """Give it up at once; never raises."""


@runtime_checkable
class FencedStore(Protocol):
    """What the writing side can do beside, where several servers may share a store."""

    def fence(self, token: int | None) -> None:
        """From now on each batch is written only while `token` stands; None for whatever stands."""
