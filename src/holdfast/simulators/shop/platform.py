"""Our own storefront: it has no counters, but asks Holdfast for every hold over its HTTP API.

`PUT /_sim/holdfast {base_url, key, channel, ttl_s?}` says where. A checkout places a hold, paying confirms
it, cancelling before that releases it. A listing's SKU is its merchant code, or its variant, or its product.
"""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import httpx
import msgspec

from holdfast.simulators.misbehaviour import Option
from holdfast.simulators.platform import Answer, Call, Parts, Platform, json_answer
from holdfast.simulators.records import Deducts, GivesBack, Key, Listing, Order, Refusal, Stage, UnderRun
from holdfast.simulators.tokens import Lifetimes

_TRIES = 3
_TIMEOUT_S = 5.0


class Where(msgspec.Struct, forbid_unknown_fields=True):
    """Holdfast's address, a key of the integration role, and the shop's channel there."""

    base_url: str
    key: str
    channel: str
    ttl_s: Annotated[int, msgspec.Meta(ge=1)] = 900

    def __repr__(self) -> str:
        return f"Where({self.base_url!r}, channel={self.channel!r})"


class Shop(Platform):
    """The storefront. `sellable` is always 0 here: what may be sold is Holdfast's to say."""

    name = "shop"
    title = "Our own shop"
    title_zh = "自营店铺"
    lifetimes = Lifetimes(access_s=86_400, refresh_s=86_400)
    deducts = Deducts.ON_ORDER
    # What an order gives up goes back to Holdfast, not to the storefront.
    gives_back_on_cancel = False
    gives_back_on_refund = GivesBack.NEVER
    options: ClassVar[dict[str, Option]] = {}

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._where: Where | None = None
        self._client: httpx.AsyncClient | None = None

    def name_of(self, call: Call) -> str:
        """The first part of the path."""
        return call.path.strip("/").partition("/")[0] or "home"

    def answer(self, call: Call) -> Answer:
        """`GET /products` and `GET /orders/{id}` are all that a visitor can see."""
        kind, _, id = call.path.strip("/").partition("/")
        if call.method == "GET" and (kind, id) == ("products", ""):
            rows = [{"product": each.key.text, "sku": _sku_of(each)} for each in self.world.listings.values()]
            return json_answer({"products": rows})
        order = self.world.orders.get(id)
        if call.method == "GET" and kind == "orders" and order is not None:
            return json_answer({"order": order.id, "status": order.stage.value, "hold": order.reference})
        return json_answer({"message": "not found"}, 404)

    def throttled(self, call: Call) -> Answer:
        """Too many visits."""
        return json_answer({"message": "too many requests"}, 429)

    def busy(self, call: Call) -> Answer:
        """Closed for a moment."""
        return json_answer({"message": "try again"}, 503)

    def set_own(self, name: str, body: bytes) -> object:
        """`holdfast`: where to ask; the key is not told again."""
        if name != "holdfast":
            return super().set_own(name, body)
        self._where = msgspec.json.decode(body, type=Where)
        return {"base_url": self._where.base_url, "channel": self._where.channel}

    async def before_order(self, wanted: Sequence[tuple[Key, int]], buyer: str) -> str:
        """Ask for a hold of the whole order; with it come the units that the order is to take."""
        listings = [self._listing(key) for key, _ in wanted]
        where = self._asked()
        # Not from the seed: Holdfast remembers ids for ever, and a second run must not repeat the first's.
        hold = f"shop-{uuid.uuid4().hex}"
        lines = [
            {"sku": _sku_of(listing), "quantity": quantity}
            for listing, (_, quantity) in zip(listings, wanted, strict=True)
        ]
        body = {"id": hold, "channel": where.channel, "buyer": buyer, "lines": lines, "ttl_s": where.ttl_s}
        await self._ask("/v1/holds", body)
        for listing, (_, quantity) in zip(listings, wanted, strict=True):
            self.world.write(listing, quantity, UnderRun.REFUSE)
        return hold

    async def before_step(self, order: Order, step: str) -> None:
        """Settle the hold of an unpaid order; one that expired does not stop a cancellation."""
        if order.stage is not Stage.UNPAID or step not in ("pay", "cancel"):
            return
        act = "confirm" if step == "pay" else "release"
        try:
            await self._ask(f"/v1/holds/{order.reference}/{act}")
        except Refusal as refusal:
            if step != "cancel" or refusal.code != "hold_expired":
                raise

    async def close(self) -> None:
        """Close the connections to Holdfast."""
        if self._client is not None:
            await self._client.aclose()

    def _listing(self, key: Key) -> Listing:
        listing = self.world.listings.get(key)
        if listing is None:
            raise Refusal("unknown_listing", f"there is no listing {key.text}")
        return listing

    def _asked(self) -> Where:
        if self._where is None:
            raise Refusal("no_holdfast", "tell the shop where Holdfast is: PUT /_sim/holdfast")
        return self._where

    async def _ask(self, path: str, body: dict[str, Any] | None = None) -> None:
        """Ask until there is an answer, at most three times: every repeat has the same id, so it is safe."""
        where = self._asked()
        if self._client is None:
            # No proxy of the environment, and no certificates loaded where none are needed.
            verify = where.base_url.startswith("https:")
            self._client = httpx.AsyncClient(trust_env=False, verify=verify, timeout=_TIMEOUT_S)
        headers = {"authorization": f"Bearer {where.key}"}
        problem = "it was not reached"
        for _ in range(_TRIES):
            try:
                response = await self._client.post(
                    f"{where.base_url.rstrip('/')}{path}", json=body, headers=headers
                )
            except httpx.HTTPError as error:
                problem = type(error).__name__
                continue
            if response.is_success:
                return
            if response.status_code < 500:
                raise _refusal(response)
            problem = f"it answered {response.status_code}"
        raise Refusal("holdfast_unreachable", f"Holdfast at {where.base_url} gives no answer: {problem}")


def _sku_of(listing: Listing) -> str:
    return listing.merchant_code or listing.key.variant or listing.key.product


def _refusal(response: httpx.Response) -> Refusal:
    """Holdfast's own code, but for the one that every simulated shop calls `sold_out`."""
    try:
        problem = msgspec.json.decode(response.content, type=dict[str, Any])
    except msgspec.DecodeError:
        problem = {}
    code = str(problem.get("code", f"http_{response.status_code}"))
    message = str(problem.get("detail") or problem.get("title") or "Holdfast refuses")
    return Refusal("sold_out" if code == "insufficient_available" else code, message)
