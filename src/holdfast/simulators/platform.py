"""What each simulated platform says of itself and does: the vendor's half of a simulator."""

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import msgspec

from .misbehaviour import Clock, Option, Settings
from .records import Deducts, GivesBack, Key, News, Order, Refusal
from .tokens import Lifetimes, TokenStore, made_up
from .world import World


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request to the platform, as it came; header names are in small letters."""

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        """The query, percent-decoded; of a repeated name the last value."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; most platforms say 200 to everything."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


def json_answer(document: object, status: int = 200) -> Answer:
    """A JSON document, compact."""
    return Answer(msgspec.json.encode(document), status)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to push. Messages of one `key`, such as an order's, keep their order."""

    key: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to the platform; made up from the seed."""

    app_key: str
    app_secret: str
    shop: str
    secrets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a platform is built on."""

    chance: random.Random
    settings: Settings
    clock: Clock
    world: World
    tokens: TokenStore
    credentials: Credentials


class Platform(ABC):
    """One platform. All its methods run to their end without waiting, so each call is applied whole."""

    name: ClassVar[str]
    title: ClassVar[str]
    title_zh: ClassVar[str]
    lifetimes: ClassVar[Lifetimes]
    deducts: ClassVar[Deducts]
    gives_back_on_cancel: ClassVar[bool]
    gives_back_on_refund: ClassVar[GivesBack]
    retry_ladder_s: ClassVar[tuple[float, ...]] = ()
    """Waits before the second, third … try of a push; after the last one it is given up."""
    acknowledge_within_s: ClassVar[float] = 5.0
    unsubscribes_when_given_up: ClassVar[bool] = False
    first_order_id: ClassVar[int] = 1_000_000_000
    options: ClassVar[Mapping[str, Option]] = {}
    """The platform's own settings for `PUT /_sim/misbehave`."""

    def __init__(self, parts: Parts) -> None:
        self.chance = parts.chance
        self.settings = parts.settings
        self.clock = parts.clock
        self.world = parts.world
        self.tokens = parts.tokens
        self.credentials = parts.credentials

    @classmethod
    def make_credentials(cls, chance: random.Random) -> Credentials:
        """Made-up credentials; a platform with further secrets makes them here."""
        return Credentials(made_up(chance, 16), made_up(chance, 32), str(chance.randrange(10**7, 10**8)), {})

    @abstractmethod
    def name_of(self, call: Call) -> str:
        """What the platform calls this API, for the counts and for planned faults."""

    @abstractmethod
    def answer(self, call: Call) -> Answer:
        """Do what a call asks for, strictly."""

    @abstractmethod
    def throttled(self, call: Call) -> Answer:
        """The platform's words for too many calls."""

    @abstractmethod
    def busy(self, call: Call) -> Answer:
        """The platform's words for a fault of its own, with nothing done."""

    def gives_tokens(self, call: Call) -> bool:
        """Whether this call is about tokens; chance never loses those, for it could lock the shop out."""
        return False

    def check_key(self, key: Key) -> str | None:
        """Why the platform cannot have such a listing, if it cannot."""
        return None

    def check_checkout(self, lines: int) -> str | None:
        """Why the platform cannot have an order of so many lines, if it cannot."""
        return None

    async def before_order(self, wanted: Sequence[tuple[Key, int]], buyer: str) -> str:
        """Asked before a checkout, for a shop whose stock is elsewhere; raises `Refusal`.

        The order keeps the answer as its `reference`.
        """
        return ""

    async def before_step(self, order: Order, step: str) -> None:  # noqa: B027 - most have nobody to ask
        """Asked before an order is to `pay` or `cancel`; raises `Refusal`."""

    def set_own(self, name: str, body: bytes) -> object:
        """`PUT /_sim/{name}`, for what only this platform can be told; raises `Refusal`."""
        raise Refusal("unknown_control", f"{self.name} cannot be told {name}")

    async def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of what it holds, such as connections."""

    def announce(self, news: News) -> list[Delivery]:
        """The pushes that something leads to."""
        return []

    def probe(self) -> Delivery | None:
        """What is sent to a push address when it is set; an address that does not answer it is refused."""
        return None

    def acknowledged(self, delivery: Delivery, status: int, body: bytes) -> bool:
        """Whether an answer to a push is what the platform wants to hear."""
        return status == 200

    def adapter_settings(self, base_url: str) -> dict[str, str]:
        """Addresses of this server that on the real platform are at another host."""
        return {}

    def push_counts(self) -> dict[str, int] | None:
        """The counts of a platform whose messages are fetched from a queue."""
        return None

    def option(self, name: str) -> Any:
        """The platform's own setting of this name, as it is now."""
        return self.settings.now.options[name]
