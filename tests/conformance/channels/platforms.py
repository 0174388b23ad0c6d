"""The platforms under test; a new one is one entry here, and a simulator."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from holdfast.channels import douyin, kuaishou, taobao
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
    forgeries: Callable[[Arrived], Iterable[Arrived]] = spoilt_body
    stale_after_s: float | None = None
    """From which age a push is refused; None where pushes carry no time to go by."""
    shelf: tuple[ListingRef, ListingRef] | None = None
    """How the simulator names the listings, where we name them otherwise; the merchant code is our product."""
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
}
