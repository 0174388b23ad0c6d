import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from holdfast.channels.adapter import Connection
from holdfast.channels.errors import PushRefused, Unsupported
from holdfast.channels.manifest import PushMode, WriteMode
from holdfast.channels.orders import ListingRef, StockWrite
from holdfast.channels.shop import MANIFEST, connect
from holdfast.channels.shop.client import ShopAdapter
from tests.channels.fakes import FakePlatform, box, now_us

CALLS: list[Callable[[ShopAdapter], Coroutine[Any, Any, object]]] = [
    lambda shop: shop.write_stock(StockWrite(ListingRef("1"), "add", 1, "w1")),
    lambda shop: shop.read_stock([ListingRef("1")]),
    lambda shop: shop.order("1"),
    lambda shop: shop.orders_changed(0, 1, None),
    lambda shop: shop.pull(),
    lambda shop: shop.confirm([]),
]


@pytest.mark.parametrize("call", CALLS)
def test_the_shop_has_nothing_to_call(call: Callable[[ShopAdapter], Coroutine[Any, Any, object]]) -> None:
    platform = FakePlatform()
    with pytest.raises(Unsupported):
        asyncio.run(call(connect(Connection("", "", ""), box(), platform.client(), now_us)))
    assert not platform.asked


def test_the_shop_pushes_nothing() -> None:
    shop = connect(Connection("", "", ""), box(), FakePlatform().client(), now_us)
    with pytest.raises(PushRefused):
        shop.receive({}, {}, b"", 0)
    with pytest.raises(PushRefused):
        shop.answer_check({})
    assert (MANIFEST.write, MANIFEST.push, MANIFEST.poll) == (WriteMode.NONE, PushMode.NONE, False)
