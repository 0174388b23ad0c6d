"""The control API under `/_sim`: the buyers, the shop's back office and the bad weather of a simulator."""

import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .records import Condition, Deducts, Key, Order, Refund, Refusal

if TYPE_CHECKING:
    from .simulator import Simulator

T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Response]]
Units = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
_NOT_FOUND = ("unknown_order", "unknown_refund", "unknown_listing", "unknown_line", "unknown_control")
_UNPROCESSABLE = ("wrong_body", "wrong_id", "too_many_lines")


class ListingBody(msgspec.Struct, forbid_unknown_fields=True):
    """Makes a listing or changes one; what is not given stays."""

    product: str
    variant: str = ""
    warehouse: str = ""
    stock: Annotated[int, msgspec.Meta(ge=0)] | None = None
    merchant_code: str | None = None
    deducts: Deducts | None = None
    price_fen: Annotated[int, msgspec.Meta(ge=1)] | None = None
    condition: Condition | None = None


class LineBody(msgspec.Struct, forbid_unknown_fields=True):
    """One line of a checkout."""

    product: str
    quantity: Units
    variant: str = ""
    warehouse: str = ""


class OrderBody(msgspec.Struct, forbid_unknown_fields=True):
    """A checkout; `room` is the live room it comes from."""

    lines: Annotated[list[LineBody], msgspec.Meta(min_length=1)]
    buyer: str = "buyer-1"
    pay: bool = False
    room: str = ""


class LineChoice(msgspec.Struct, forbid_unknown_fields=True):
    """All lines, or one."""

    line: str | None = None


class RefundBody(msgspec.Struct, forbid_unknown_fields=True):
    """All that is left unless a line or a quantity is given; `pending` waits for succeed or close."""

    line: str | None = None
    quantity: Units | None = None
    pending: bool = False


class PushBody(msgspec.Struct, forbid_unknown_fields=True):
    """Where to push; null ends it."""

    url: str | None


class ExpireBody(msgspec.Struct, forbid_unknown_fields=True):
    """`refresh` lets the refresh tokens end as well."""

    refresh: bool = False


class Control:
    """The handlers; each takes effect before it answers."""

    def __init__(self, simulator: "Simulator") -> None:
        self._simulator = simulator

    async def credentials(self, request: Request) -> Response:
        """What a channel's connection needs."""
        base_url = str(request.base_url).rstrip("/").removesuffix("/_sim")
        return _json(self._simulator.credentials_at(base_url))

    async def put_listing(self, request: Request) -> Response:
        """Make or change a listing."""
        body = await _body(request, ListingBody)
        simulator = self._simulator
        key = Key(body.product, body.variant, body.warehouse)
        wrong = simulator.platform.check_key(key)
        if wrong:
            raise Refusal("wrong_id", wrong)
        deducts = simulator.settings.now.deducts or simulator.kind.deducts
        listing = simulator.world.put_listing(key, deducts=deducts, stock=body.stock)
        for name in ("merchant_code", "deducts", "price_fen", "condition"):
            value = getattr(body, name)
            if value is not None:
                setattr(listing, name, value)
        return _json({"listing": key.text, "sellable": listing.sellable, "occupied": listing.occupied})

    async def state(self, request: Request) -> Response:
        """Everything; `?orders=0` leaves the orders out."""
        simulator = self._simulator
        world, gate = simulator.world, simulator.gate
        listings = world.listings.values()
        found = {
            "counters": {
                each.key.text: {"sellable": each.sellable, "occupied": each.occupied} for each in listings
            },
            "sold": {each.key.text: each.sold for each in listings},
            "calls": dict(gate.calls),
            "faults": dict(gate.faults),
            "pushes": simulator.platform.push_counts() or simulator.pusher.status(),
            "push_url": simulator.pusher.url,
            "seed": simulator.seed,
        }
        if request.query_params.get("orders") != "0":
            found["orders"] = {order.id: _told(order) for order in world.orders.values()}
            found["refunds"] = {refund.id: _told_refund(refund) for refund in world.refunds.values()}
        return _json(found)

    async def changes(self, request: Request) -> Response:
        """Every change of every counter, in order; `?after=` skips that many."""
        after = request.query_params.get("after", "0")
        entries = self._simulator.world.changes[int(after) if after.isdecimal() else 0 :]
        rows = [{**msgspec.to_builtins(entry), "key": entry.key.text} for entry in entries]
        return _json({"changes": rows})

    async def checkout(self, request: Request) -> Response:
        """A buyer places an order, and pays if `pay`."""
        body = await _body(request, OrderBody)
        simulator = self._simulator
        wrong = simulator.platform.check_checkout(len(body.lines))
        if wrong:
            raise Refusal("too_many_lines", wrong)
        wanted = [(Key(each.product, each.variant, each.warehouse), each.quantity) for each in body.lines]
        reference = await simulator.platform.before_order(wanted, body.buyer)
        order = simulator.world.checkout(wanted, buyer=body.buyer, room=body.room)
        order.reference = reference
        if body.pay:
            await simulator.platform.before_step(order, "pay")
            simulator.world.pay(order)
        return _json({"order": order.id, "status": order.stage.value, "lines": _told(order)["lines"]}, 201)

    def step(self, name: str) -> Handler:
        """`pay`, `cancel` or `complete`."""

        async def handle(request: Request) -> Response:
            order = self._order(request)
            await self._simulator.platform.before_step(order, name)
            getattr(self._simulator.world, name)(order)
            return _json({"order": order.id, "status": order.stage.value})

        return handle

    async def ship(self, request: Request) -> Response:
        """Ship an order or one line of it."""
        body = await _body(request, LineChoice)
        order = self._order(request)
        self._simulator.world.ship(order, body.line)
        return _json({"order": order.id, "status": order.stage.value})

    async def refund(self, request: Request) -> Response:
        """Refund an order, a line, or some units of it."""
        body = await _body(request, RefundBody)
        order = self._order(request)
        refunds = self._simulator.world.refund(
            order, line_id=body.line, quantity=body.quantity, applied_only=body.pending
        )
        ids = [refund.id for refund in refunds]
        return _json({"order": order.id, "status": order.stage.value, "refunds": ids}, 201)

    def settle(self, name: str) -> Handler:
        """Let a pending refund `succeed`, or `close` it."""

        async def handle(request: Request) -> Response:
            world = self._simulator.world
            refund = world.refunds.get(request.path_params["refund"])
            if refund is None:
                raise Refusal("unknown_refund", f"there is no refund {request.path_params['refund']}")
            if name == "succeed":
                world.succeed(refund)
            else:
                world.close_refund(refund)
            return _json({"refund": refund.id, "status": refund.stage.value})

        return handle

    async def put_push(self, request: Request) -> Response:
        """Set the push address; the platform's probe is sent there first."""
        body = await _body(request, PushBody)
        if not await self._simulator.pusher.subscribe(body.url):
            raise Refusal(
                "probe_failed", f"{body.url} does not acknowledge the platform's probe: address not set"
            )
        return _json({"url": self._simulator.pusher.url})

    async def put_own(self, request: Request) -> Response:
        """Tell the platform something that only it knows."""
        return _json(self._simulator.platform.set_own(request.path_params["name"], await request.body()))

    async def misbehave(self, request: Request) -> Response:
        """Change the settings that are given."""
        wanted = await _body(request, dict[str, Any])
        self._simulator.settings.change(wanted)
        return _json(self._simulator.settings.now)

    async def expire_tokens(self, request: Request) -> Response:
        """Every access token ends now."""
        body = await _body(request, ExpireBody)
        self._simulator.tokens.expire(refresh_too=body.refresh)
        return _json({})

    async def authorize(self, request: Request) -> Response:
        """A person authorizes us: a code, as the redirect would carry it."""
        return _json({"code": self._simulator.tokens.new_code()}, 201)

    async def reset(self, request: Request) -> Response:
        """Begin again."""
        await self._simulator.reset()
        return _json({"seed": self._simulator.seed})

    def _order(self, request: Request) -> Order:
        order = self._simulator.world.orders.get(request.path_params["order"])
        if order is None:
            raise Refusal("unknown_order", f"there is no order {request.path_params['order']}")
        return order


def control_routes(simulator: "Simulator") -> list[Route]:
    """The routes under `/_sim`."""
    control = Control(simulator)
    table: list[tuple[str, str, Handler]] = [
        ("GET", "/credentials", control.credentials),
        ("PUT", "/listings", control.put_listing),
        ("GET", "/state", control.state),
        ("GET", "/changes", control.changes),
        ("POST", "/orders", control.checkout),
        ("POST", "/orders/{order}/ship", control.ship),
        ("POST", "/orders/{order}/refund", control.refund),
        *[
            ("POST", f"/orders/{{order}}/{step}", control.step(step))
            for step in ("pay", "cancel", "complete")
        ],
        *[("POST", f"/refunds/{{refund}}/{step}", control.settle(step)) for step in ("succeed", "close")],
        ("PUT", "/push", control.put_push),
        ("PUT", "/misbehave", control.misbehave),
        ("POST", "/tokens/expire", control.expire_tokens),
        ("POST", "/authorizations", control.authorize),
        ("POST", "/reset", control.reset),
        ("PUT", "/{name}", control.put_own),
    ]
    return [Route(path, _guarded(handler), methods=[method]) for method, path, handler in table]


def _guarded(handler: Handler) -> Handler:
    @functools.wraps(handler)
    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except msgspec.ValidationError as error:
            return _json({"code": "wrong_body", "message": str(error)}, 422)
        except Refusal as refusal:
            status = 404 if refusal.code in _NOT_FOUND else 422 if refusal.code in _UNPROCESSABLE else 409
            return _json({"code": refusal.code, "message": str(refusal)}, status)

    return guarded


async def _body(request: Request, kind: type[T]) -> T:
    raw = await request.body()
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except msgspec.DecodeError as error:
        raise msgspec.ValidationError(str(error)) from error


def _json(document: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status, media_type="application/json")


def _told(order: Order) -> dict[str, Any]:
    return {
        "status": order.stage.value,
        "buyer": order.buyer,
        "lines": [
            {
                "line": line.id,
                "product": line.key.product,
                "variant": line.key.variant,
                "warehouse": line.key.warehouse,
                "quantity": line.quantity,
                "refunded": line.refunded,
            }
            for line in order.lines
        ],
        "created_at_us": order.created_at_us,
        "updated_at_us": order.updated_at_us,
        "paid_at_us": order.paid_at_us,
        "reference": order.reference,
    }


def _told_refund(refund: Refund) -> dict[str, Any]:
    return {
        "status": refund.stage.value,
        "order": refund.order,
        "line": refund.line,
        "quantity": refund.quantity,
    }
