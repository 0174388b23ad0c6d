"""Shopify's Admin API (facts 7): the token header, the cost bucket, the known fields, and webhooks.

Understood: the queries `inventoryItem`, `inventoryItems`, `productVariant`, `order`, `orders`, `location`,
`locations`, `node`, `nodes`, `shop`, and the mutations `inventoryAdjustQuantities` and
`inventorySetQuantities`. A mutation costs 10 points and a query one for each object that it answers with; the
real costs differ.
"""

import random
import re
from typing import Any, ClassVar

import msgspec

from holdfast.simulators.misbehaviour import Option
from holdfast.simulators.platform import Answer, Call, Credentials, Delivery, Parts, Platform, json_answer
from holdfast.simulators.records import Deducts, GivesBack, Happening, Key, News
from holdfast.simulators.tokens import Lifetimes, TokenPair, TokenState, made_up

from .cost import CostBucket, objects_in
from .graphql import Field, GraphQLError, Operation, cut, parse
from .ids import gid, item_number, listing_at, location_number, number_of, numbered, time_text
from .inventory import RESULT_SHAPE, Inventory
from .orders import Orders
from .signing import webhook_signature

VERSIONS = ("2025-10", "2026-01", "2026-04", "2026-07", "2026-10")
_MUTATION_COST = 10
_PATH = re.compile(r"/admin/api/([^/]+)/graphql\.json")
_TOKENS = "/admin/oauth/access_token"
_TOPICS = {
    Happening.ORDER_CREATED: "orders/create",
    Happening.ORDER_PAID: "orders/paid",
    Happening.ORDER_PARTLY_SHIPPED: "orders/updated",
    Happening.ORDER_SHIPPED: "orders/updated",
    Happening.ORDER_COMPLETED: "orders/updated",
    Happening.ORDER_CANCELLED: "orders/cancelled",
    Happening.REFUND_SUCCEEDED: "refunds/create",
}


class Shopify(Platform):
    """The platform."""

    name = "shopify"
    title = "Shopify"
    title_zh = "Shopify"
    lifetimes = Lifetimes(access_s=3_600, refresh_s=90 * 86_400, refresh_once=True)
    deducts = Deducts.ON_ORDER
    gives_back_on_cancel = True
    gives_back_on_refund = GivesBack.NEVER
    # Eight tries more over four hours; how they are spread is not in the facts.
    retry_ladder_s = (60, 120, 300, 600, 1_200, 2_400, 3_600, 6_120)
    acknowledge_within_s = 5.0
    unsubscribes_when_given_up = True
    first_order_id = 5_000_000_000_000
    options: ClassVar = {
        "restore_rate": Option(100.0),
        "bucket_max": Option(2_000.0),
        "failed_key": Option("first_result", ("first_result", "refused")),
    }

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        self._bucket = CostBucket()
        self._inventory = Inventory(parts)
        self._orders = Orders(parts, self._inventory)

    @classmethod
    def make_credentials(cls, chance: random.Random) -> Credentials:
        """An app of one shop, which has one location to begin with."""
        shop = f"{made_up(chance, 10)}.myshopify.com"
        secrets = {"location_id": str(chance.randrange(10**7, 10**8))}
        return Credentials(made_up(chance, 32), f"shpss_{made_up(chance, 32)}", shop, secrets)

    def adapter_settings(self, base_url: str) -> dict[str, str]:
        """The location where listings without one lie."""
        return {"location_id": self.credentials.secrets["location_id"]}

    def check_key(self, key: Key) -> str | None:
        """Everything is a number; variant and inventory item share theirs."""
        if not all(part.isdecimal() for part in key if part):
            return "product, variant and location (as warehouse) are numbers"
        listing = listing_at(self._parts, item_number(key), location_number(self._parts, key))
        return "another product has this variant" if listing and listing.key != key else None

    def name_of(self, call: Call) -> str:
        """The first field of the document, as far as it can be read."""
        if call.path == _TOKENS:
            return "token"
        try:
            return self._operation(call).selected[0].name
        except (GraphQLError, IndexError):
            return "graphql"

    def gives_tokens(self, call: Call) -> bool:
        """The exchange of a refresh token."""
        return call.path == _TOKENS

    def answer(self, call: Call) -> Answer:
        """Errors of the document stand in `errors` with status 200; path and token have their own."""
        if self.gives_tokens(call):
            return self._refresh(call)
        match = _PATH.fullmatch(call.path)
        if match is None or call.method != "POST" or match[1] not in VERSIONS:
            return json_answer({"errors": "Not Found"}, 404)
        if self.tokens.state_of(call.headers.get("x-shopify-access-token", "")) is not TokenState.VALID:
            return json_answer({"errors": "[API] Invalid API key or access token"}, 401)
        try:
            return self._graphql(self._operation(call), match[1])
        except GraphQLError as error:
            extensions = {"extensions": {"code": error.code}} if error.code else {}
            return json_answer({"errors": [{"message": str(error), **extensions}]})

    def throttled(self, call: Call) -> Answer:
        """No points left, as told beside the error."""
        error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
        return json_answer({"errors": [error], "extensions": self._cost(_MUTATION_COST, None, 0.0)})

    def busy(self, call: Call) -> Answer:
        """Shopify's front door is closed."""
        return json_answer({"errors": "Service Unavailable"}, 503)

    def announce(self, news: News) -> list[Delivery]:
        """Webhooks, in their REST form."""
        if news.change is not None:
            key = news.change.key
            body = {
                "inventory_item_id": int(item_number(key)),
                "location_id": int(location_number(self._parts, key)),
                "available": news.change.sellable,
                "updated_at": time_text(news.at_us),
            }
            return [self._webhook("inventory_levels/update", key.text, body, news)]
        topic = _TOPICS.get(news.happening)
        if topic is None or news.order is None:
            return []
        told = self._orders.rest_refund(news.refund) if news.refund else self._orders.rest(news.order)
        return [self._webhook(topic, news.order.id, told, news)]

    def _webhook(self, topic: str, key: str, document: dict[str, Any], news: News) -> Delivery:
        body = msgspec.json.encode(document)
        headers = {
            "content-type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": self.credentials.shop,
            "X-Shopify-Webhook-Id": made_up(self.chance, 32),
            "X-Shopify-Triggered-At": time_text(news.at_us) or "",
            "X-Shopify-Hmac-SHA256": webhook_signature(self.credentials.app_secret, body),
        }
        return Delivery(key, body, headers)

    def _operation(self, call: Call) -> Operation:
        try:
            body = msgspec.json.decode(call.body, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise GraphQLError(f"the body is no JSON object: {error}") from error
        document, variables = body.get("query"), body.get("variables") or {}
        if not isinstance(document, str) or not isinstance(variables, dict):
            raise GraphQLError("the body has query and variables")
        return parse(document, variables)

    def _graphql(self, operation: Operation, version: str) -> Answer:
        maximum = self.option("bucket_max")
        left = self._bucket.left(self.option("restore_rate"), maximum)
        if operation.kind == "mutation":
            if left < _MUTATION_COST:
                return self._throttled(left, _MUTATION_COST)
            self._bucket.spend(_MUTATION_COST)
            data = {field.key: self._mutation(field, version) for field in operation.selected}
            return self._data(data, _MUTATION_COST, left - _MUTATION_COST)
        data = {
            field.key: cut(self._query(field), field.selected, field.name) for field in operation.selected
        }
        cost = objects_in(data)
        if left < min(cost, maximum):
            return self._throttled(left, cost)
        self._bucket.spend(cost)
        return self._data(data, cost, left - cost)

    def _throttled(self, left: float, cost: int) -> Answer:
        error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
        return json_answer({"errors": [error], "extensions": self._cost(cost, None, left)})

    def _data(self, data: dict[str, Any], cost: int, left: float) -> Answer:
        return json_answer({"data": data, "extensions": self._cost(cost, cost, left)})

    def _cost(self, requested: int, actual: int | None, left: float) -> dict[str, Any]:
        status = {
            "maximumAvailable": self.option("bucket_max"),
            "currentlyAvailable": int(left),
            "restoreRate": self.option("restore_rate"),
        }
        return {
            "cost": {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status}
        }

    def _mutation(self, field: Field, version: str) -> Any:
        acts = {
            "inventoryAdjustQuantities": self._inventory.adjust,
            "inventorySetQuantities": self._inventory.set,
        }
        if field.name not in acts:
            raise GraphQLError(f"Field '{field.name}' doesn't exist on type 'Mutation'", "undefinedField")
        # A selection that does not fit is refused before anything is done.
        cut(RESULT_SHAPE, field.selected, field.name)
        return cut(acts[field.name](field, version), field.selected, field.name)

    def _query(self, field: Field) -> Any:
        arguments, listings = field.arguments, self.world.listings.values()
        if field.name == "orders":
            return self._orders.page(arguments)
        if field.name == "inventoryItems":
            return numbered([self._inventory.item(each) for each in listings])(arguments)
        if field.name == "locations":
            numbers = {self.credentials.secrets["location_id"]: None}
            numbers |= {location_number(self._parts, each.key): None for each in listings}
            return numbered([self._inventory.location(each) for each in numbers])(arguments)
        if field.name == "shop":
            return {"id": gid("Shop", "1"), "name": "Simulated", "myshopifyDomain": self.credentials.shop}
        if field.name == "nodes":
            return [self._node(each) for each in arguments.get("ids", [])]
        kinds = {"inventoryItem": "InventoryItem", "productVariant": "ProductVariant", "order": "Order"}
        if field.name in ("node", "location") or field.name in kinds:
            if field.name in kinds:
                number_of(kinds[field.name], arguments.get("id"))
            return self._node(arguments.get("id"))
        raise GraphQLError(f"Field '{field.name}' doesn't exist on type 'QueryRoot'", "undefinedField")

    def _node(self, id: object) -> dict[str, Any] | None:
        match = re.fullmatch(r"gid://shopify/(InventoryItem|ProductVariant|Order|Location)/(\d+)", str(id))
        if match is None:
            raise GraphQLError(f"Invalid global id '{id}'", "argumentLiteralsIncompatible")
        kind, number = match.groups()
        if kind == "Order":
            order = self.world.orders.get(number)
            return self._orders.order(order) if order else None
        if kind == "Location":
            return self._inventory.location(number)
        listing = listing_at(self._parts, number, None)
        if listing is None:
            return None
        return self._inventory.item(listing) if kind == "InventoryItem" else self._inventory.variant(listing)

    def _refresh(self, call: Call) -> Answer:
        is_json = call.headers.get("content-type", "").startswith("application/json")
        try:
            given = msgspec.json.decode(call.body, type=dict[str, Any]) if is_json else call.form
        except msgspec.DecodeError:
            return json_answer({"error": "invalid_request"}, 400)
        known = (self.credentials.app_key, self.credentials.app_secret)
        if (given.get("client_id"), given.get("client_secret")) != known:
            return json_answer({"error": "application_cannot_be_found"}, 400)
        if given.get("grant_type") != "refresh_token":
            return json_answer({"error": "invalid_request"}, 400)
        pair = self.tokens.refresh(str(given.get("refresh_token", "")))
        if not isinstance(pair, TokenPair):
            return json_answer({"error": "invalid_grant"}, 400)
        return json_answer(
            {
                "access_token": pair.access,
                "expires_in": self.lifetimes.access_s,
                "refresh_token": pair.refresh,
                "refresh_token_expires_in": self.lifetimes.refresh_s,
                "scope": "read_orders,read_inventory,write_inventory",
            }
        )
