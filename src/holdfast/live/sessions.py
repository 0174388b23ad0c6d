"""Sessions of the console: a key or a one-time link is exchanged for a sealed token that a cookie carries.

A token holds no key, only the hash of the one it was opened with: it ends when that key ends, survives a
restart of the server, and cannot be read or made up without the secret key.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from holdfast.sealing import Sealer, SealingError

from .keys import KeyRing, Principal, Role, hash_key

SESSION_S = 12 * 3600
"""One day's shows: nobody is sent to the door in the middle of one."""
LINK_S = 600
_KIND = "console session"
_LINK_PRINCIPAL = Principal("console:link", Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Session:
    """Who came in, and until when; `token` is what proves it."""

    principal: Principal
    ends_at_us: int
    token: str


class Sessions:
    """Opens, finds and ends sessions; links are kept here only, by their hash."""

    def __init__(self, keys: KeyRing, sealer: Sealer, now_us: Callable[[], int]) -> None:
        self._keys = keys
        self._sealer = sealer
        self._now_us = now_us
        self._links: dict[str, int] = {}
        self._ended: dict[str, int] = {}

    def new_link(self) -> str:
        """A token that opens one administrator session within ten minutes."""
        token = secrets.token_urlsafe(32)
        self._links[hash_key(token)] = self._now_us() + LINK_S * 1_000_000
        return token

    def open_with_key(self, key: str) -> Session | None:
        """A session with the rights of a key; None if the key opens nothing. Raises SealingError."""
        principal = self._keys.find(key.encode())
        return None if principal is None else self._seal(principal, hash_key(key))

    def open_with_link(self, link: str) -> Session | None:
        """A session for the link's one use; None if it was used or is too old. Raises SealingError."""
        ends_at_us = self._links.pop(hash_key(link), 0)
        return self._seal(_LINK_PRINCIPAL, "") if ends_at_us > self._now_us() else None

    def find(self, token: str) -> Session | None:
        """The session that a token proves; None if it is over, was ended, or its key was."""
        try:
            fields = self._sealer.open(token.encode())
        except (SealingError, UnicodeEncodeError):
            return None
        ends_at_us = int(fields.get("ends_at_us", "0"))
        if fields.get("kind") != _KIND or ends_at_us <= self._now_us() or hash_key(token) in self._ended:
            return None
        key_hash = fields["key_hash"]
        principal = self._keys.find_by_hash(key_hash) if key_hash else _LINK_PRINCIPAL
        return None if principal is None else Session(principal, ends_at_us, token)

    def end(self, session: Session) -> None:
        """Have the token open nothing any more, as far as this process can remember."""
        now_us = self._now_us()
        self._ended = {token: ends_at_us for token, ends_at_us in self._ended.items() if ends_at_us > now_us}
        self._ended[hash_key(session.token)] = session.ends_at_us

    def _seal(self, principal: Principal, key_hash: str) -> Session:
        ends_at_us = self._now_us() + SESSION_S * 1_000_000
        fields = {"kind": _KIND, "key_hash": key_hash, "ends_at_us": str(ends_at_us)}
        return Session(principal, ends_at_us, self._sealer.seal(fields).decode())
