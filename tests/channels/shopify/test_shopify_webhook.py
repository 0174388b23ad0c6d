import json
from typing import Any

import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import PushRefused
from holdfast.channels.orders import ListingRef, PushEvent, PushKind
from holdfast.channels.shopify.webhook import Webhook, push_signature

BODY = (
    b'{"inventory_item_id":271878346596884015,"location_id":24826418,"available":5,'
    b'"updated_at":"2026-01-01T00:00:00Z"}'
)
SIGN = "22B8ia2dPrdanrKMMtvkwRkc+UoEG5Qyb8n6wn9SLrw="
NOW_US = 1_767_225_600_000_000


def receive(
    body: bytes = BODY,
    topic: str = "inventory_levels/update",
    now_us: int = NOW_US,
    location: str = "24826418",
    **headers: str,
) -> PushEvent:
    base = {
        "x-shopify-hmac-sha256": push_signature("hush", body),
        "x-shopify-topic": topic,
        "x-shopify-webhook-id": "id-1",
        "x-shopify-shop-domain": "ours.myshopify.com",
    }
    sent = base | {name.replace("_", "-"): value for name, value in headers.items()}
    hook = Webhook(Connection("https://x", "app", "hush", shop="ours.myshopify.com"), location)
    (event,) = hook.receive(sent, body, now_us).events
    return event


def refusal(*arguments: Any, **changes: Any) -> str:
    with pytest.raises(PushRefused) as refused:
        receive(*arguments, **changes)
    return refused.value.reason


def test_the_vector_holds_and_tells_the_counter() -> None:
    assert push_signature("hush", BODY) == SIGN
    event = receive(x_shopify_hmac_sha256=SIGN)
    assert (event.event, event.kind, event.counter) == ("id-1", PushKind.STOCK, 5)
    assert event.listing == ListingRef("271878346596884015")
    assert event.event_at_us == NOW_US


def test_forged_pushes_are_refused() -> None:
    assert refusal(x_shopify_hmac_sha256="") == "signature"
    assert (
        refusal(BODY.replace(b'"available":5', b'"available":6'), x_shopify_hmac_sha256=SIGN) == "signature"
    )


def test_pushes_of_other_shops_or_long_ago_are_refused() -> None:
    assert refusal(x_shopify_shop_domain="other.myshopify.com") == "not_for_us"
    assert refusal(now_us=NOW_US + 20_000_000_000) == "stale"


def test_stock_at_another_location_is_other_news() -> None:
    event = receive(location="1")
    assert (event.kind, event.counter) == (PushKind.OTHER, None)


@pytest.mark.parametrize("body", [b"no json", b"[]", b'{"location_id":24826418}'])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    assert refusal(body) == "malformed"


@pytest.mark.parametrize(
    ("topic", "kind", "order"),
    [
        ("orders/create", PushKind.ORDER, "7"),
        ("orders/paid", PushKind.ORDER, "7"),
        ("orders/cancelled", PushKind.ORDER, "7"),
        ("orders/updated", PushKind.ORDER, "7"),
        ("refunds/create", PushKind.REFUND, "9"),
        ("products/update", PushKind.OTHER, ""),
    ],
)
def test_every_topic_has_its_kind(topic: str, kind: PushKind, order: str) -> None:
    event = receive(json.dumps({"id": 7, "order_id": 9}).encode(), topic)
    assert (event.kind, event.order) == (kind, order)
