"""The platforms under test; a new one is one entry here, and a simulator."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from holdfast.channels import (
    douyin,
    kuaishou,
    pinduoduo,
    shopify,
    taobao,
    tiktok,
    wechat,
    xiaohongshu,
)
from holdfast.channels.adapter import Connection
from holdfast.channels.manifest import Manifest
from holdfast.channels.orders import ListingRef


@dataclass(frozen=True)
class Arrived:
    """A push as it came over the wire; header names are in small letters."""

    headers: dict[str, str]
    query: dict[str, str]
    body: bytes


def another_app_secret(connection: Connection) -> Connection:
    return replace(connection, app_secret="a-secret-of-somebody-else")


def another_sign_secret(connection: Connection) -> Connection:
    return replace(connection, secrets=connection.secrets | {"sign_secret": "a-secret-of-somebody-else"})


def spoilt_body(push: Arrived) -> Iterable[Arrived]:
    """The push with one byte changed: at its beginning, in the middle, and at its end."""
    for place in (1, len(push.body) // 2, len(push.body) - 2):
        body = bytearray(push.body)
        body[place] ^= 1
        yield replace(push, body=bytes(body))


def spoilt_header(name: str) -> Callable[[Arrived], Iterable[Arrived]]:
    """The push with another body or another signature, or without any."""

    def spoilt(push: Arrived) -> Iterable[Arrived]:
        yield from spoilt_body(push)
        signature = push.headers[name]
        other = ("0" if signature[0] != "0" else "1") + signature[1:]
        yield replace(push, headers=push.headers | {name: other})
        yield replace(push, headers={key: value for key, value in push.headers.items() if key != name})

    return spoilt


def cut_short(push: Arrived) -> Iterable[Arrived]:
    """An encrypted push that was cut, was filled up, or is empty: it has no signature of its own."""
    for body in (push.body[:-4], push.body[:24], push.body + push.body, b""):
        yield replace(push, body=body)


def spoilt_sealed(push: Arrived) -> Iterable[Arrived]:
    """Another ciphertext, another signature, another time or none: all of these are signed."""
    for place in (len(push.body) // 2, len(push.body) // 2 + 7):
        body = bytearray(push.body)
        body[place] = ord("A") if body[place] != ord("A") else ord("B")
        yield replace(push, body=bytes(body))
    for name in ("msg_signature", "timestamp", "nonce"):
        other = push.query[name][:-1] + ("0" if push.query[name][-1] != "0" else "1")
        yield replace(push, query=push.query | {name: other})
        yield replace(push, query={key: value for key, value in push.query.items() if key != name})


@dataclass(frozen=True)
class Case:
    """What the suite has to know of a platform beyond its manifest."""

    name: str
    connect: Callable[..., Any]
    manifest: Manifest
    listings: tuple[ListingRef, ListingRef]
    write_call: str
    """Part of the simulator's name for the call that writes a counter; so on for the other two."""
    read_call: str
    order_call: str
    settings: dict[str, str] = field(default_factory=dict)
    """Settings of this variant of the platform, such as another method to write."""
    wrong_secret: Callable[[Connection], Connection] | None = another_app_secret
    """A connection that signs wrongly; None where calls are not signed."""
    lines_max: int = 2
    """Lines that one order can have."""
    part_of_line: bool = True
    """Whether the platform tells how many units of a line were refunded."""
    shows_unpaid: bool = True
    tells_completed: bool = True
    """Whether a completed order is told from one that was shipped."""
    pushes_unpaid: bool = True
    """Whether an unpaid order is pushed; a platform that hides them does neither."""
    pushes_refund: bool = True
    """Whether a granted refund is pushed as one, and not only as an order that changed."""
    pushes_stock: bool = False
    knows_echo: bool = False
    """Whether a push of stock says that our own write caused it."""
    signs_pushes: bool = True
    """False: nothing vouches for a push, so that it may only be a hint."""
    needs_refresh_token: bool = True
    """False: a new access token comes from the app's secret alone."""
    forgeries: Callable[[Arrived], Iterable[Arrived]] = spoilt_body
    stale_after_s: float | None = None
    """From which age a push is refused; None where pushes carry no time to go by."""
    shelf: tuple[ListingRef, ListingRef] | None = None
    """The simulator's names of the listings where ours are others; the merchant code is our product."""
    sim_settings: dict[str, Any] = field(default_factory=dict)
    """What the simulator is told at the beginning."""

    def on_shelf(self, listing: ListingRef) -> ListingRef:
        """The simulator's name of one of the listings."""
        return self.shelf[self.listings.index(listing)] if self.shelf else listing

    def merchant_code(self, listing: ListingRef) -> str:
        """The merchant's own code for one of the listings."""
        return listing.product if self.shelf else "RED-M"

    @property
    def unknown(self) -> ListingRef:
        """A listing of the right shape that does not exist."""
        return self.listings[0]._replace(product="9999000000000001", variant="9999000000000002")


_DOUYIN = Case(
    name="douyin",
    connect=douyin.connect,
    manifest=douyin.MANIFEST,
    listings=(
        ListingRef("3409409348479354011", "1736502463777799123"),
        ListingRef("3409409348479354012", "1736502463777799124"),
    ),
    write_call="sku.syncStock",
    read_call="sku.stockNum",
    order_call="order.orderDetail",
    forgeries=spoilt_header("event-sign"),
)
_KUAISHOU = Case(
    name="kuaishou",
    connect=kuaishou.connect,
    manifest=kuaishou.MANIFEST,
    listings=(ListingRef("22110000000000001", "3310001"), ListingRef("22110000000000002", "3310002")),
    write_call="open.item.sku.stock.update",
    read_call="open.item.sku.list.get",
    order_call="open.order.detail",
    wrong_secret=another_sign_secret,
    lines_max=1,
    forgeries=cut_short,
    stale_after_s=86_400.0,
)
_TAOBAO = Case(
    name="taobao",
    connect=taobao.connect,
    manifest=taobao.MANIFEST,
    listings=(ListingRef("610000000001", "4010000000001"), ListingRef("610000000002", "4010000000002")),
    write_call="taobao.item.quantity.update",
    read_call="taobao.item.skus.get",
    order_call="taobao.trade.fullinfo.get",
    part_of_line=False,
)


def _douyin_by(method: str) -> Case:
    return replace(_DOUYIN, settings={"stock_method": method})


CASES: dict[str, Case] = {
    "douyin": _DOUYIN,
    "douyin-batch": _douyin_by("sku.syncStockBatch"),
    "douyin-multi": _douyin_by("sku.syncStockBatchMultiProducts"),
    "kuaishou": _KUAISHOU,
    "kuaishou-goods": replace(
        _KUAISHOU,
        listings=(ListingRef("GOODS-1", "", "WH-1"), ListingRef("GOODS-2", "", "WH-1")),
        shelf=(
            ListingRef("22110000000000001", "3310001", "WH-1"),
            ListingRef("22110000000000002", "3310002", "WH-1"),
        ),
        write_call="open.scm.inventory.adjust",
        read_call="open.scm.inventory.detail",
        settings={"stock_method": "open.scm.inventory.adjust"},
    ),
    "taobao": _TAOBAO,
    "tmall": replace(
        _TAOBAO,
        write_call="tmall.item.quantity.update",
        settings={"stock_method": "tmall.item.quantity.update"},
    ),
    "wechat": Case(
        name="wechat",
        connect=wechat.connect,
        manifest=wechat.MANIFEST,
        listings=(
            ListingRef("10000000000000000001", "9007199254740993"),
            ListingRef("10000000000000000002", "9007199254740995"),
        ),
        write_call="product/stock/update",
        read_call="product/stock/batchget",
        order_call="order/get",
        wrong_secret=None,
        needs_refresh_token=False,
        forgeries=spoilt_sealed,
        stale_after_s=14_400.0,
    ),
    "tiktok": Case(
        name="tiktok",
        connect=tiktok.connect,
        manifest=tiktok.MANIFEST,
        listings=(
            ListingRef("1729592969712207008", "1729592969712207123"),
            ListingRef("1729592969712207009", "1729592969712207124"),
        ),
        write_call="inventory/update",
        read_call="inventory/search",
        order_call="order/orders",
        forgeries=spoilt_header("authorization"),
        pushes_stock=True,
        knows_echo=True,
        stale_after_s=60_000.0,
    ),
    "pinduoduo": Case(
        name="pinduoduo",
        connect=pinduoduo.connect,
        manifest=pinduoduo.MANIFEST,
        listings=(
            ListingRef("610000000000001", "4010000000001"),
            ListingRef("610000000000002", "4010000000002"),
        ),
        write_call="pdd.goods.quantity.update",
        read_call="pdd.goods.detail.get",
        order_call="pdd.order.information.get",
        shows_unpaid=False,
        tells_completed=False,
        sim_settings={"refresh_extends": True},
    ),
    "xiaohongshu": Case(
        name="xiaohongshu",
        connect=xiaohongshu.connect,
        manifest=xiaohongshu.MANIFEST,
        listings=(ListingRef("65f0c0ffee0000000000000a"), ListingRef("65f0c0ffee0000000000000b")),
        write_call="inventory.incSkuStock",
        read_call="inventory.getSkuStock",
        order_call="order.getOrderDetail",
        pushes_unpaid=False,
        pushes_refund=False,
        signs_pushes=False,
    ),
    "shopify": Case(
        name="shopify",
        connect=shopify.connect,
        manifest=shopify.MANIFEST,
        listings=(ListingRef("271878346596884015"), ListingRef("271878346596884016")),
        write_call="inventoryAdjustQuantities",
        read_call="inventoryItem",
        order_call="order",
        wrong_secret=None,
        forgeries=spoilt_header("x-shopify-hmac-sha256"),
        pushes_stock=True,
        stale_after_s=18_000.0,
    ),
}
