"""Shopify's orders: as GraphQL shows them, and as webhooks carry them in their REST form.

The facts say little here; names of fields and statuses are known from memory.
"""

import re
from typing import Any

from holdfast.simulators.platform import Parts
from holdfast.simulators.records import Line, Order, Refund, RefundStage, Stage

from .graphql import GraphQLError
from .ids import connection, gid, numbered, time_text
from .inventory import Inventory

_TERM = re.compile(r"""\s*(?:AND\s+)?(\w+):(>=|<=|>|<|)("[^"]*"|'[^']*'|[^\s()]+)""")
_SORTED_BY = {"UPDATED_AT": "updated_at_us", "CREATED_AT": "created_at_us", "PROCESSED_AT": "created_at_us"}
_FULFILMENT = {
    Stage.PARTLY_SHIPPED: "PARTIALLY_FULFILLED",
    Stage.SHIPPED: "FULFILLED",
    Stage.COMPLETED: "FULFILLED",
}


class Orders:
    """The orders of the shop."""

    def __init__(self, parts: Parts, inventory: Inventory) -> None:
        self._parts = parts
        self._inventory = inventory

    def page(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """`orders`: the search knows `updated_at`, `created_at`, `id` and `status:any`."""
        sort_key = arguments.get("sortKey") or "PROCESSED_AT"
        if sort_key not in (*_SORTED_BY, "ID"):
            raise GraphQLError(f"sortKey '{sort_key}' is not known here")
        if arguments.get("reverse"):
            raise GraphQLError("reverse is not known here")
        orders = [
            order for order in self._parts.world.orders_visible() if _fits(order, arguments.get("query"))
        ]
        time_name = _SORTED_BY.get(sort_key)
        rows = [
            (f"{getattr(order, time_name) if time_name else 0:020d}-{int(order.id):020d}", order)
            for order in orders
        ]
        rows.sort(key=lambda row: row[0])
        return connection([(cursor, self.order(order)) for cursor, order in rows])(arguments)

    def order(self, order: Order) -> dict[str, Any]:
        """One order."""
        refunds = [r for r in self._parts.world.refunds_of(order) if r.stage is RefundStage.SUCCEEDED]
        return {
            "id": gid("Order", order.id),
            "legacyResourceId": order.id,
            "name": f"#{order.id[-6:]}",
            "createdAt": time_text(order.created_at_us),
            "processedAt": time_text(order.created_at_us),
            "updatedAt": time_text(order.updated_at_us),
            "cancelledAt": _cancelled_at(order),
            "closedAt": time_text(order.completed_at_us),
            "cancelReason": "CUSTOMER" if _cancelled_at(order) else None,
            "displayFinancialStatus": _financial(order),
            "displayFulfillmentStatus": _FULFILMENT.get(order.stage, "UNFULFILLED"),
            "fullyPaid": order.paid_at_us is not None,
            "unpaid": order.paid_at_us is None,
            "confirmed": True,
            "test": False,
            "customer": {
                "id": gid("Customer", str(sum(order.buyer.encode()) + 1)),
                "displayName": order.buyer,
            },
            "lineItems": numbered([self._line(line) for line in order.lines]),
            "refunds": lambda arguments: [self._refund(each) for each in refunds][: arguments.get("first")],
            "transactions": lambda _: _transactions(order),
        }

    def rest(self, order: Order) -> dict[str, Any]:
        """The body of `orders/…` webhooks."""
        refunds = [r for r in self._parts.world.refunds_of(order) if r.stage is RefundStage.SUCCEEDED]
        fulfilment = _FULFILMENT.get(order.stage)
        return {
            "id": int(order.id),
            "admin_graphql_api_id": gid("Order", order.id),
            "created_at": time_text(order.created_at_us),
            "processed_at": time_text(order.created_at_us),
            "updated_at": time_text(order.updated_at_us),
            "cancelled_at": _cancelled_at(order),
            "closed_at": time_text(order.completed_at_us),
            "financial_status": _financial(order).lower(),
            "fulfillment_status": {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}.get(
                fulfilment or ""
            ),
            "line_items": [_rest_line(line) for line in order.lines],
            "refunds": [self.rest_refund(refund) for refund in refunds],
        }

    def rest_refund(self, refund: Refund) -> dict[str, Any]:
        """The body of `refunds/create`."""
        line = self._line_of(refund)
        row = {
            "line_item_id": int(line.id),
            "quantity": refund.quantity,
            "restock_type": self._restock(refund),
        }
        return {
            "id": int(refund.id),
            "order_id": int(refund.order),
            "created_at": time_text(refund.updated_at_us),
            "refund_line_items": [{**row, "line_item": _rest_line(line)}],
        }

    def _line(self, line: Line) -> dict[str, Any]:
        listing = self._parts.world.listings[line.key]
        left = line.quantity - line.refunded
        return {
            "id": gid("LineItem", line.id),
            "name": f"Item {line.key.product}",
            "title": f"Item {line.key.product}",
            "sku": line.merchant_code or None,
            "quantity": line.quantity,
            "currentQuantity": left,
            "refundableQuantity": left,
            "unfulfilledQuantity": 0 if line.shipped else left,
            "variant": self._inventory.variant(listing),
            "product": {"id": gid("Product", line.key.product)},
        }

    def _refund(self, refund: Refund) -> dict[str, Any]:
        row = {
            "quantity": refund.quantity,
            "restockType": self._restock(refund).upper(),
            "lineItem": self._line(self._line_of(refund)),
        }
        return {
            "id": gid("Refund", refund.id),
            "createdAt": time_text(refund.updated_at_us),
            "refundLineItems": numbered([row]),
        }

    def _restock(self, refund: Refund) -> str:
        returned = any(change.cause == refund.id for change in self._parts.world.changes)
        return ("return" if refund.after_shipping else "cancel") if returned else "no_restock"

    def _line_of(self, refund: Refund) -> Line:
        return next(line for line in self._parts.world.orders[refund.order].lines if line.id == refund.line)


def _financial(order: Order) -> str:
    if order.paid_at_us is None:
        return "VOIDED" if order.stage is Stage.CLOSED_UNPAID else "PENDING"
    if order.stage is Stage.CLOSED_PAID:
        return "REFUNDED"
    return "PARTIALLY_REFUNDED" if any(line.refunded for line in order.lines) else "PAID"


def _cancelled_at(order: Order) -> str | None:
    closed = order.stage in (Stage.CLOSED_UNPAID, Stage.CLOSED_PAID)
    return time_text(order.closed_at_us) if closed and order.shipped_at_us is None else None


def _transactions(order: Order) -> list[dict[str, Any]]:
    if order.paid_at_us is None:
        return []
    paid = time_text(order.paid_at_us)
    return [{"kind": "SALE", "status": "SUCCESS", "processedAt": paid, "createdAt": paid}]


def _rest_line(line: Line) -> dict[str, Any]:
    return {
        "id": int(line.id),
        "product_id": int(line.key.product),
        "variant_id": int(line.key.variant or line.key.product),
        "sku": line.merchant_code or None,
        "quantity": line.quantity,
        "current_quantity": line.quantity - line.refunded,
    }


def _fits(order: Order, query: object) -> bool:
    text, place = str(query or "").strip(), 0
    while place < len(text):
        match = _TERM.match(text, place)
        if match is None:
            raise GraphQLError(f"the search is not understood here: {text[place:]!r}")
        place = match.end()
        name, relation, value = match[1], match[2], match[3].strip("\"'")
        if name in ("updated_at", "created_at"):
            found = time_text(order.updated_at_us if name == "updated_at" else order.created_at_us) or ""
            value = re.sub(r"(\.\d+)?(\+00:00|Z)$", "Z", value)
            if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
                raise GraphQLError(f"the search takes times such as 2026-01-01T00:00:00Z, not {value!r}")
        elif name == "id":
            found, value = f"{int(order.id):020d}", f"{int(value):020d}"
        elif (name, value) == ("status", "any"):
            continue
        else:
            raise GraphQLError(f"the search does not know {name}:{value} here")
        holds = {">=": found >= value, "<=": found <= value, ">": found > value, "<": found < value}
        if not holds.get(relation, found == value):
            return False
    return True
