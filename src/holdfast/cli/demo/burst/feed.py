"""A watcher of the feed: what the public stream of events says, kept beside what the server answers."""

import threading
import time
from typing import Any

import httpx
import msgspec

CONNECT_TIMEOUT_S = 5.0


class Balance(msgspec.Struct):
    """One account of a stock document."""

    account: str
    posted: int
    held: int


class Stock(msgspec.Struct):
    """The parts of a stock document that the demo reads."""

    sku: str
    version: int
    accounts: list[Balance] = []

    def in_channel(self, channel: str) -> "ChannelStock":
        """The units of one channel."""
        right, sold = f"channel:{channel}", f"committed:{channel}"
        posted = held = committed = 0
        for balance in self.accounts:
            if balance.account == right:
                posted, held = posted + balance.posted, held + balance.held
            elif balance.account == sold:
                committed += balance.posted
        return ChannelStock(committed, held, posted - held, self.version)


class ChannelStock(msgspec.Struct, frozen=True):
    """Units of one item in one channel."""

    sold: int = 0
    held: int = 0
    available: int = 0
    version: int = 0


class _Snapshot(msgspec.Struct):
    items: list[Stock]


_stock = msgspec.json.Decoder(Stock).decode
_snapshot = msgspec.json.Decoder(_Snapshot).decode


def stock_of(document: Any, channel: str) -> ChannelStock:
    """The same from `GET /v1/stock/{sku}`."""
    return msgspec.convert(document, Stock).in_channel(channel)


class FeedWatcher:
    """Reads `GET /v1/feed` on a thread of its own until the server closes it."""

    def __init__(self, url: str, key: str, sku: str, channel: str) -> None:
        self._url = f"{url}/v1/feed"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._sku = sku
        self._channel = channel
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="holdfast-demo-feed", daemon=True)
        self.latest = ChannelStock()
        self.events = 0
        self.lowest_available = 0
        self.most_taken = 0
        self.failure = ""

    def start(self) -> None:
        """Begin, and wait for the snapshot."""
        self._thread.start()
        self._ready.wait(CONNECT_TIMEOUT_S)

    def wait_for(self, version: int, timeout_s: float = 3.0) -> bool:
        """Whether the stream has come as far as this version."""
        end = time.monotonic() + timeout_s
        while self.latest.version < version and time.monotonic() < end:
            time.sleep(0.02)
        return self.latest.version >= version

    def _watch(self) -> None:
        try:
            timeout = httpx.Timeout(CONNECT_TIMEOUT_S, read=None)
            with (
                httpx.Client(headers=self._headers, timeout=timeout, trust_env=False) as client,
                client.stream("GET", self._url, params={"sku": self._sku}) as response,
            ):
                response.raise_for_status()
                buffer = b""
                for chunk in response.iter_raw():
                    *events, buffer = (buffer + chunk).split(b"\n\n")
                    for event in events:
                        self._read(event)
        except (httpx.HTTPError, msgspec.MsgspecError) as error:
            self.failure = f"{type(error).__name__}: {error}"
        finally:
            self._ready.set()

    def _read(self, event: bytes) -> None:
        name = data = b""
        for line in event.split(b"\n"):
            if line.startswith(b"event: "):
                name = line[7:]
            elif line.startswith(b"data: "):
                data = line[6:]
        if name == b"snapshot":
            for stock in _snapshot(data).items:
                self._take(stock)
            self._ready.set()
        elif name == b"stock":
            self._take(_stock(data))

    def _take(self, stock: Stock) -> None:
        now = stock.in_channel(self._channel)
        self.lowest_available = min(self.lowest_available, now.available)
        self.most_taken = max(self.most_taken, now.sold + now.held)
        self.latest = now
        self.events += 1
