"""API keys: who may do what; of a key, which is long and random, only the SHA-256 is kept."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from threading import Lock

from holdfast.ledger.records import AuditEntry
from holdfast.storage.contract import KeyRow, KeyStore

PREFIX = "hf_"
FIRST_KEY = "first"


class Role(IntEnum):
    """What a key may do; each role may also do what the ones before it may."""

    VIEWER = 1
    INTEGRATION = 2
    OPERATOR = 3
    ADMINISTRATOR = 4

    @property
    def label(self) -> str:
        """The name the API uses."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request."""

    actor: str
    role: Role


def new_key() -> str:
    """A fresh key: 256 random bits behind a prefix that scanners for leaked secrets can look for."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_key(key: str | bytes) -> str:
    """What is stored of a key."""
    return sha256(key.encode() if isinstance(key, str) else key).hexdigest()


class KeyRing:
    """The keys of one store, in memory by hash; `refresh` picks up what another process changed."""

    def __init__(self, open_store: Callable[[], KeyStore], now_us: Callable[[], int]) -> None:
        self._open_store = open_store
        self._now_us = now_us
        self._rows: dict[str, KeyRow] = {}
        self._principals: dict[str, tuple[Principal, int | None]] = {}
        self._lock = Lock()

    def refresh(self) -> None:
        """Read the keys anew; raises StoreError."""
        with self._lock:
            store = self._open_store()
            try:
                rows = store.keys()
            finally:
                store.close()
            self._rows = {row.hash: row for row in rows}
            self._principals = {row.hash: _principal(row) for row in rows}

    def find(self, key: bytes) -> Principal | None:
        """Who holds this key now; None if nobody does."""
        return self.find_by_hash(hash_key(key))

    def find_by_hash(self, key_hash: str) -> Principal | None:
        """The same for one who knows only the hash."""
        found = self._principals.get(key_hash)
        if found is None:
            return None
        principal, ends_at_us = found
        if ends_at_us is not None and ends_at_us <= self._now_us():
            return None
        return principal

    def rows(self) -> list[KeyRow]:
        """All keys, the ended ones too, in order of name and age."""
        return sorted(self._rows.values(), key=lambda row: (row.name, row.created_at_us))

    def is_live(self, row: KeyRow) -> bool:
        """Whether a key still opens anything."""
        ends_at_us = _ends_at_us(row)
        return ends_at_us is None or ends_at_us > self._now_us()

    def create(
        self,
        name: str,
        role: Role,
        actor: str,
        *,
        key: str | None = None,
        lifetime_s: int | None = None,
        request_id: str = "",
    ) -> str:
        """Make a key and return it, the only time it is ever seen; ValueError if the name is taken."""
        if any(row.name == name and self.is_live(row) for row in self._rows.values()):
            raise ValueError(f"there is a key named {name!r} already; rotate it or choose another name")
        return self._add(name, role, actor, "key.create", key, lifetime_s, request_id)

    def rotate(self, name: str, actor: str, grace_s: int, request_id: str = "") -> str:
        """Make a second key of the same name and role, and let the old one end after `grace_s` seconds."""
        old = self._live(name)
        key = self._add(name, Role[old.role.upper()], actor, "key.rotate", None, None, request_id)
        self._end(name, self._now_us() + grace_s * 1_000_000, hash_key(key), actor, "key.end", request_id)
        return key

    def revoke(self, name: str, actor: str, request_id: str = "") -> None:
        """End all keys of a name at once; KeyError if there is none."""
        self._live(name)
        self._end(name, self._now_us(), "", actor, "key.revoke", request_id)

    def _live(self, name: str) -> KeyRow:
        for row in self._rows.values():
            if row.name == name and self.is_live(row):
                return row
        raise KeyError(name)

    def _add(
        self,
        name: str,
        role: Role,
        actor: str,
        action: str,
        key: str | None,
        lifetime_s: int | None,
        request_id: str,
    ) -> str:
        key = key or new_key()
        now_us = self._now_us()
        expires_at_us = None if lifetime_s is None else now_us + lifetime_s * 1_000_000
        row = KeyRow(name, role.label, hash_key(key), now_us, actor, expires_at_us)
        entry = AuditEntry(now_us, actor, request_id, action, name, "saved", {"role": role.label})
        store = self._open_store()
        try:
            store.add_key(row, entry)
        finally:
            store.close()
        self.refresh()
        return key

    def _end(self, name: str, at_us: int, except_hash: str, actor: str, action: str, request_id: str) -> None:
        entry = AuditEntry(self._now_us(), actor, request_id, action, name, "saved")
        store = self._open_store()
        try:
            store.end_keys(name, at_us, except_hash, entry)
        finally:
            store.close()
        self.refresh()


def _ends_at_us(row: KeyRow) -> int | None:
    ends = [at_us for at_us in (row.expires_at_us, row.revoked_at_us) if at_us is not None]
    return min(ends) if ends else None


def _principal(row: KeyRow) -> tuple[Principal, int | None]:
    return Principal(f"key:{row.name}", Role[row.role.upper()]), _ends_at_us(row)
