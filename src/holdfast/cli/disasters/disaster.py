"""What a disaster is, and what playing it comes to: the same buyers twice, without and with the remedy."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec


class Words(NamedTuple):
    """The same in Chinese and English."""

    zh: str
    en: str


class Figure(msgspec.Struct, frozen=True):
    """One figure side by side; None where it has no meaning."""

    name: Words
    without: float | None
    remedied: float | None


class Claim(msgspec.Struct, frozen=True):
    """Something that must have come out so; a disaster that did not happen proves nothing."""

    words: Words
    holds: bool


class Outcome(msgspec.Struct, frozen=True):
    """How it went; `story` tells what happened with the remedy, in order."""

    figures: tuple[Figure, ...]
    claims: tuple[Claim, ...]
    story: tuple[Words, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the disaster happened without the remedy, and ended well with it."""
        return all(claim.holds for claim in self.claims)


class Disaster(msgspec.Struct, frozen=True):
    """One of them: what happens, what stands beside it as the way without, and how it is played."""

    name: str
    title: Words
    without: Words
    remedy: Words
    play: Callable[[int], Outcome]
    """From a seed."""
