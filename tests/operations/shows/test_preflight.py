"""Each check of the preflight, one row a cause; all is well without one."""

from dataclasses import replace as with_

import pytest
from msgspec.structs import replace

from holdfast.ledger.guard.rules import Guard
from holdfast.ledger.records import Sku
from holdfast.ledger.views import AccountView, StockView
from holdfast.operations.limits.layers import Bounds
from holdfast.operations.shows.model import Item, Status, Strategy
from holdfast.operations.shows.preflight import ChannelFacts, Gathered, errors, preflight
from holdfast.operations.shows.stock import Facts
from tests.sync.trade import listing

from .stage import S, show_of

STOCK = StockView("A", 100, 100, 0, 0, [AccountView("unallocated", "main", 100, 0)], 1)
ITEM = Sku("A", "A", price_cents=100, cost_cents=60)
CHANNEL = ChannelFacts(
    "one", connected=True, up=True, asked=(True, "", ""), listings=(listing("one", "p", "A"),)
)
SHOW = show_of(Item("A", 50), channels=("one",))
GREEN = Gathered(SHOW, Facts({"A": ITEM}, {"A": STOCK}), (CHANNEL,), ())


def item(**more: object) -> Gathered:
    return with_(GREEN, ledger=Facts({"A": with_(ITEM, **more)}, {"A": STOCK}))  # type: ignore[arg-type]


def channel(**more: object) -> Gathered:
    return with_(GREEN, channels=(with_(CHANNEL, **more),))  # type: ignore[arg-type]


def planned(*items: Item) -> Gathered:
    return with_(GREEN, show=replace(SHOW, items=items))


def test_a_green_preflight_says_so() -> None:
    assert [(one.code, one.level.value) for one in preflight(GREEN)] == [("ready", "ok")]
    shop = channel(own_shop=True, connected=False, listings=())
    assert [one.code for one in preflight(shop)] == ["ready"]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (channel(frozen=True), "channel_frozen"),
        (channel(up=False), "platform_unreachable"),
        (channel(asked=(False, "no", "否")), "platform_refused"),
        (channel(access_expires_at_us=2 * S - 1), "token_expires"),
        (channel(access_expires_at_us=1, refresh_expires_at_us=1), "token_expires"),
        (channel(listings=()), "mapping_missing"),
        (channel(listings=(listing("one", "p", "A", paused=True),)), "listing_paused"),
        (channel(barred={"p": "banned"}), "listing_refused"),
        (planned(), "rundown_empty"),
        (with_(GREEN, ledger=Facts({}, {})), "item_missing"),
        (item(frozen=True), "item_frozen"),
        (planned(Item("A", 101)), "plan_above_stock"),
        (planned(Item("A", 1, Strategy.FLASH)), "flash_without_limits"),
        (item(cost_cents=101), "no_exposure_limit"),
        (
            with_(GREEN, live=(replace(SHOW, id="other", status=Status.LIVE),)),
            "show_overlaps",
        ),
    ],
)
def test_an_error_stands_in_the_way_and_says_what_to_do(facts: Gathered, code: str) -> None:
    found = errors(preflight(facts))
    assert [one.code for one in found] == [code]
    assert all(found[0].words)
    assert all(found[0].advice)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (channel(connected=False), "channel_not_connected"),
        (item(price_cents=None), "price_or_cost_missing"),
        (item(cost_cents=None), "price_or_cost_missing"),
        (item(cost_cents=101, guard=Guard("p", units_max=5)), "sold_at_a_loss"),
    ],
)
def test_a_warning_does_not_stand_in_the_way(facts: Gathered, code: str) -> None:
    found = preflight(facts)
    assert ([one.code for one in found], errors(found)) == ([code], [])


def test_a_reserve_that_the_stock_does_not_cover_is_told() -> None:
    facts = planned(Item("A", 600, Strategy.RESERVE, 20))
    assert {one.code for one in errors(preflight(facts))} == {"plan_above_stock", "reserve_short"}


def test_limits_satisfy_a_flash_item_and_a_refresh_token_renews_the_other() -> None:
    assert not errors(preflight(planned(Item("A", 1, Strategy.FLASH, limits=Bounds(per_order=1)))))
    assert not errors(preflight(channel(access_expires_at_us=1, refresh_expires_at_us=2 * S)))
