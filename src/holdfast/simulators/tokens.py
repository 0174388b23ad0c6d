"""Access and refresh tokens of the simulated shop, and the codes that a person's authorization gives."""

import random
from dataclasses import dataclass
from enum import StrEnum

from .misbehaviour import Clock

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def made_up(chance: random.Random, length: int) -> str:
    """A name or a secret that nobody else uses."""
    return "".join(chance.choices(_LETTERS, k=length))


class TokenState(StrEnum):
    """What a token, or a code, is worth."""

    VALID = "valid"
    EXPIRED = "expired"
    SPENT = "spent"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class TokenPair:
    """Two tokens with their ends in microseconds UTC."""

    access: str
    refresh: str
    access_expires_at_us: int
    refresh_expires_at_us: int
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long tokens and codes live; after a refresh the access token before it lives on for the grace."""

    access_s: int
    refresh_s: int
    code_s: int = 600
    refresh_once: bool = False
    grace_s: int = 300


class TokenStore:
    """All tokens ever given out, so that an old one is told from a wrong one."""

    def __init__(self, chance: random.Random, clock: Clock, lifetimes: Lifetimes) -> None:
        self.lifetimes = lifetimes
        self._chance = chance
        self._clock = clock
        self._by_access: dict[str, TokenPair] = {}
        self._by_refresh: dict[str, TokenPair] = {}
        self._codes: dict[str, int | None] = {}
        self.newest = self.issue()

    def issue(self) -> TokenPair:
        """A new pair; the ones before stay as they are."""
        now_us = self._clock.now_us()
        pair = TokenPair(
            made_up(self._chance, 32),
            made_up(self._chance, 32),
            now_us + self.lifetimes.access_s * 1_000_000,
            now_us + self.lifetimes.refresh_s * 1_000_000,
        )
        self._by_access[pair.access] = self._by_refresh[pair.refresh] = self.newest = pair
        return pair

    def state_of(self, access: str) -> TokenState:
        """What an access token is worth now."""
        pair = self._by_access.get(access)
        if pair is None:
            return TokenState.UNKNOWN
        return self._until(pair.access_expires_at_us)

    def refresh(self, refresh: str) -> TokenPair | TokenState:
        """A new pair, or why there is none."""
        old = self._by_refresh.get(refresh)
        if old is None:
            return TokenState.UNKNOWN
        if old.spent and self.lifetimes.refresh_once:
            return TokenState.SPENT
        if self._until(old.refresh_expires_at_us) is TokenState.EXPIRED:
            return TokenState.EXPIRED
        old.spent = True
        end_us = self._clock.now_us() + self.lifetimes.grace_s * 1_000_000
        old.access_expires_at_us = min(old.access_expires_at_us, end_us)
        return self.issue()

    def expire(self, *, refresh_too: bool = False) -> None:
        """Let every access token end now, and the refresh tokens too if wanted."""
        now_us = self._clock.now_us()
        for pair in self._by_access.values():
            pair.access_expires_at_us = min(pair.access_expires_at_us, now_us)
            if refresh_too:
                pair.refresh_expires_at_us = min(pair.refresh_expires_at_us, now_us)

    def new_code(self) -> str:
        """A code as a person's authorization would give."""
        code = made_up(self._chance, 24)
        self._codes[code] = self._clock.now_us() + self.lifetimes.code_s * 1_000_000
        return code

    def spend_code(self, code: str) -> TokenPair | TokenState:
        """A new pair for a code, once, or why there is none."""
        if code not in self._codes:
            return TokenState.UNKNOWN
        end_us = self._codes[code]
        if end_us is None:
            return TokenState.SPENT
        if self._until(end_us) is TokenState.EXPIRED:
            return TokenState.EXPIRED
        self._codes[code] = None
        return self.issue()

    def _until(self, end_us: int) -> TokenState:
        return TokenState.VALID if self._clock.now_us() < end_us else TokenState.EXPIRED
