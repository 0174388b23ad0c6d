"""The viewers, as a process of its own: `python -m holdfast.cli.demo.show.buyers`, script on standard input.

Those of a platform buy at that platform's checkout, those of the shop by `/v1/holds`. Standard output carries
one JSON document a line: four times a second how it stands, at last the receipts.
"""

import asyncio
import sys
from time import perf_counter
from typing import Any

import httpx
import msgspec

from .plan import CHANNELS, SHOP, Buyer, cast
from .script import Checkout, Script

TELL_EVERY_S = 0.25
REQUEST_TIMEOUT_S = 30.0
ATTEMPTS_MAX = 5
PAUSE_S = 0.2
HOLD_TTL_S = 600
SURPRISES_SHOWN_MAX = 20
_SOLD_OUT = frozenset({"sold_out", "insufficient_available"})


class Receipts(msgspec.Struct):
    """What the buyers of one channel were told; units, but for `orders`, `refused` and `surprises`."""

    orders: int = 0
    sold: int = 0
    open: int = 0
    given_back: int = 0
    refused: int = 0
    surprises: int = 0


class Refused(Exception):
    """An answer that is not the hoped-for one; its message is the code."""


class Viewers:
    """All buyers, their receipts, and the connections over which they buy."""

    def __init__(self, script: Script, client: httpx.AsyncClient) -> None:
        self.script = script
        self.buyers = cast(script.plan)
        self.receipts = {channel: Receipts() for channel in CHANNELS}
        self.placed: list[tuple[float, int]] = []
        self.surprises: list[str] = []
        self.late_max_s = 0.0
        self._client = client
        self._started = 0.0

    def now_s(self) -> float:
        """Since the show began."""
        return perf_counter() - self._started

    async def play(self) -> None:
        """Let every buyer come in time; returns when the last one is done."""
        self._started = perf_counter()
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(self._tell())
            async with asyncio.TaskGroup() as crowd:
                for buyer in self.buyers:
                    wait_s = buyer.at_s - self.now_s()
                    if wait_s > 0:
                        await asyncio.sleep(wait_s)
                    crowd.create_task(self._buy(buyer))
                await asyncio.sleep(max(0.0, self.script.plan.show_s - self.now_s()))
            telling.cancel()
        self.tell()

    async def _buy(self, buyer: Buyer) -> None:
        receipts = self.receipts[buyer.channel]
        self.late_max_s = max(self.late_max_s, self.now_s() - buyer.at_s)
        try:
            order = await self._place(buyer)
        except Refused as refused:
            if str(refused) in _SOLD_OUT:
                receipts.refused += 1
            else:
                self._surprise(buyer, f"placing: {refused}")
            return
        receipts.orders += 1
        receipts.open += buyer.quantity
        self.placed.append((round(self.now_s(), 3), buyer.quantity))
        await asyncio.sleep(buyer.thinks_s)
        try:
            await self._settle(buyer, order)
        except Refused as refused:
            self._surprise(buyer, f"settling: {refused}")
            return
        receipts.open -= buyer.quantity
        if buyer.abandons:
            receipts.given_back += buyer.quantity
            self.placed.append((round(self.now_s(), 3), -buyer.quantity))
        else:
            receipts.sold += buyer.quantity

    async def _place(self, buyer: Buyer) -> str:
        """The order's id; who does not think pays a platform at once."""
        if buyer.channel == SHOP:
            lines = [{"sku": self.script.sku, "quantity": buyer.quantity}]
            hold = {"id": buyer.hold_id, "channel": SHOP, "buyer": buyer.name, "ttl_s": HOLD_TTL_S}
            await self._shop("/v1/holds", {**hold, "lines": lines})
            return buyer.hold_id
        checkout = self.script.checkouts[buyer.channel]
        line = {"product": checkout.product, "variant": checkout.variant, "quantity": buyer.quantity}
        body = {"lines": [line], "buyer": buyer.name, "pay": not buyer.thinks_s}
        return str((await self._platform(checkout, "/orders", body))["order"])

    async def _settle(self, buyer: Buyer, order: str) -> None:
        if buyer.channel == SHOP:
            await self._shop(f"/v1/holds/{order}/{'release' if buyer.abandons else 'confirm'}", None)
        elif buyer.thinks_s:
            step = "cancel" if buyer.abandons else "pay"
            await self._platform(self.script.checkouts[buyer.channel], f"/orders/{order}/{step}", {})

    async def _platform(self, checkout: Checkout, path: str, body: object) -> Any:
        """A platform's checkout does not know a repeat from another order, so nothing is sent twice."""
        try:
            response = await self._client.post(f"{checkout.url}{path}", json=body)
        except httpx.HTTPError as error:
            raise Refused(f"no answer: {type(error).__name__}") from error
        return _answer(response)

    async def _shop(self, path: str, body: object | None) -> Any:
        """The shop's orders carry their own ids, so a question without an answer is repeated."""
        headers = {"Authorization": f"Bearer {self.script.shop_key}"}
        problem = ""
        for attempt in range(ATTEMPTS_MAX):
            await asyncio.sleep(PAUSE_S * attempt)
            try:
                response = await self._client.post(
                    f"{self.script.shop_url}{path}", json=body, headers=headers
                )
            except httpx.HTTPError as error:
                problem = type(error).__name__
                continue
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return _answer(response)
            problem = "busy"
        raise Refused(f"no answer: {problem}")

    def _surprise(self, buyer: Buyer, what: str) -> None:
        self.receipts[buyer.channel].surprises += 1
        if len(self.surprises) < SURPRISES_SHOWN_MAX:
            self.surprises.append(f"{buyer.channel} {buyer.name} {what}")

    async def _tell(self) -> None:
        while True:
            self.tell()
            await asyncio.sleep(TELL_EVERY_S)

    def tell(self) -> None:
        """How it stands, as one line."""
        _write({"phase": "show", "at_s": self.now_s(), "channels": self.receipts})

    def report(self) -> dict[str, Any]:
        """The receipts, when all is over."""
        return {
            "buyers": len(self.buyers),
            "channels": self.receipts,
            "placed": self.placed,
            "late_max_s": round(self.late_max_s, 3),
            "surprises": self.surprises,
        }


def _answer(response: httpx.Response) -> Any:
    try:
        document = response.json()
    except ValueError:
        document = {}
    if not response.is_success:
        raise Refused(str(document.get("code") or response.status_code))
    return document


def _write(document: dict[str, Any]) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(document) + b"\n")
    sys.stdout.buffer.flush()


async def _play(script: Script) -> dict[str, Any]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    timeout = httpx.Timeout(REQUEST_TIMEOUT_S)
    async with httpx.AsyncClient(trust_env=False, limits=limits, timeout=timeout) as client:
        viewers = Viewers(script, client)
        await viewers.play()
    return {"phase": "done", "report": viewers.report()}


def main() -> None:
    """Read the script, play it, say what it came to."""
    script = msgspec.json.decode(sys.stdin.buffer.read(), type=Script)
    _write(asyncio.run(_play(script)))


if __name__ == "__main__":
    main()
