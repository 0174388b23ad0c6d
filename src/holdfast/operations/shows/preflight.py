"""Preflight 开播检查: pure checks over gathered facts; errors are mended, or overruled by a named person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from holdfast.ledger.records import Sku
from holdfast.storage.records import ListingRow

from .model import Item, Show, Strategy
from .stock import Facts, conflict

NEVER_OVERRULED = ("reserve_short", "show_overlaps", "rundown_empty", "item_missing")
"""What no person can take upon themselves: the start itself needs it, or there is nothing to sell."""


class Level(StrEnum):
    """Whether a finding stands in the way."""

    ERROR = "error"
    WARNING = "warning"
    OK = "ok"


class Finding(NamedTuple):
    """One thing that was checked, with what to do about it; Chinese first."""

    code: str
    level: Level
    words: tuple[str, str]
    advice: tuple[str, str] = ("", "")
    sku: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What is known of a channel of the show."""

    channel: str
    frozen: bool = False
    own_shop: bool = False
    connected: bool = False
    up: bool = False
    problem: str = ""
    asked: tuple[bool, str, str] | None = None
    """Whether the platform answered just now, and what was said: English, Chinese."""
    access_expires_at_us: int | None = None
    refresh_expires_at_us: int | None = None
    listings: Sequence[ListingRow] = ()
    barred: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that the checks look at."""

    show: Show
    ledger: Facts
    channels: Sequence[ChannelFacts]
    live: Sequence[Show]


def preflight(facts: Gathered) -> list[Finding]:
    """All findings, errors first; one `ready` if there is nothing to say."""
    found = [*_channels(facts), *_items(facts), *_shows(facts)]
    if not found:
        found.append(Finding("ready", Level.OK, ("检查通过，可以开播", "all is well; the show can start")))
    order = {Level.ERROR: 0, Level.WARNING: 1, Level.OK: 2}
    return sorted(found, key=lambda one: (order[one.level], one.code, one.channel, one.sku))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stand in the way."""
    return [finding for finding in findings if finding.level is Level.ERROR]


def _channels(facts: Gathered) -> Iterator[Finding]:
    for channel in facts.channels:
        name = channel.channel
        if channel.frozen:
            yield Finding(
                "channel_frozen",
                Level.ERROR,
                (f"渠道 {name} 已冻结，不接受新订单", f"{name} is frozen and takes no new holds"),
                ("解冻该渠道", "unfreeze the channel"),
                channel=name,
            )
        if channel.own_shop:
            continue
        if not channel.connected:
            yield Finding(
                "channel_not_connected",
                Level.WARNING,
                (
                    f"渠道 {name} 未连接平台，平台库存不会同步",
                    f"{name} has no connection: its counter is not written",
                ),
                ("连接平台，或由本系统接口下单", "connect it, or take its orders through our API"),
                channel=name,
            )
            continue
        yield from _platform(channel)
        yield from _token(channel, facts.show)
        yield from _mapping(channel, facts)


def _platform(channel: ChannelFacts) -> Iterator[Finding]:
    name = channel.channel
    advice = ("检查连接与授权后再试", "check the connection and its authorization, then try again")
    if channel.asked is not None and not channel.asked[0]:
        _, english, chinese = channel.asked
        yield Finding(
            "platform_refused",
            Level.ERROR,
            (f"{name}：{chinese}", f"{name}: {english}"),
            advice,
            channel=name,
        )
    elif not channel.up:
        yield Finding(
            "platform_unreachable",
            Level.ERROR,
            (f"{name} 当前不可用：{channel.problem}", f"{name} does not answer: {channel.problem}"),
            advice,
            channel=name,
        )


def _token(channel: ChannelFacts, show: Show) -> Iterator[Finding]:
    renewed = channel.refresh_expires_at_us is not None
    expires_us = channel.refresh_expires_at_us if renewed else channel.access_expires_at_us
    if expires_us is not None and expires_us < show.ends_at_us:
        yield Finding(
            "token_expires",
            Level.ERROR,
            (
                f"{channel.channel} 的授权将在下播前到期",
                f"the authorization of {channel.channel} ends before the show does",
            ),
            ("请在开播前重新授权", "authorize the app for the shop again before the start"),
            channel=channel.channel,
        )


def _mapping(channel: ChannelFacts, facts: Gathered) -> Iterator[Finding]:
    name = channel.channel
    for item in facts.show.items:
        listings = [row for row in channel.listings if row.sku == item.sku and not row.removed]
        if not listings:
            yield Finding(
                "mapping_missing",
                Level.ERROR,
                (f"{item.sku} 在 {name} 没有商品链接", f"{item.sku} has no listing on {name}"),
                (
                    "映射商品链接，或从场次中移除该渠道或商品",
                    "map a listing, or take the item or channel out of the show",
                ),
                item.sku,
                name,
            )
        for row in listings:
            if row.paused:
                yield Finding(
                    "listing_paused",
                    Level.ERROR,
                    (
                        f"{item.sku} 在 {name} 的链接 {row.listing} 已暂停同步",
                        f"the sync of listing {row.listing} of {item.sku} on {name} is paused",
                    ),
                    ("恢复该链接的同步", "take it up again"),
                    item.sku,
                    name,
                )
            if row.listing in channel.barred:
                said = channel.barred[row.listing]
                yield Finding(
                    "listing_refused",
                    Level.ERROR,
                    (
                        f"{name} 拒绝更新 {item.sku} 的链接 {row.listing}：{said}",
                        f"{name} refuses listing {row.listing} of {item.sku}: {said}",
                    ),
                    (
                        "在平台后台检查该商品是否下架、审核中或被封",
                        "see in the platform whether it is off sale or in audit",
                    ),
                    item.sku,
                    name,
                )


def _items(facts: Gathered) -> Iterator[Finding]:
    if not facts.show.items:
        yield Finding(
            "rundown_empty",
            Level.ERROR,
            ("排品为空", "the rundown is empty"),
            ("添加或导入商品", "add items or import a rundown"),
        )
    for item in facts.show.items:
        known = facts.ledger.items.get(item.sku)
        if known is None:
            yield Finding(
                "item_missing",
                Level.ERROR,
                (f"商品 {item.sku} 不存在", f"there is no item {item.sku}"),
                ("先创建商品", "create it first"),
                item.sku,
            )
            continue
        if known.frozen:
            yield Finding(
                "item_frozen",
                Level.ERROR,
                (f"{item.sku} 已冻结", f"{item.sku} is frozen"),
                ("解冻该商品", "unfreeze it"),
                item.sku,
            )
        yield from _stock(item, known, facts)
        yield from _money(item, known)
        yield from _guards(item, known)


def _stock(item: Item, known: Sku, facts: Gathered) -> Iterator[Finding]:
    draws = [(part.sku, part.quantity) for part in known.components] or [(item.sku, 1)]
    there = min(_sellable(facts, sku) // units for sku, units in draws)
    if item.planned > there:
        yield Finding(
            "plan_above_stock",
            Level.ERROR,
            (
                f"{item.sku} 计划 {item.planned} 件，可售只有 {there} 件",
                f"{item.sku} is planned with {item.planned}, but {there} can be sold",
            ),
            ("补货，或下调计划数量", "receive goods, or lower the plan"),
            item.sku,
        )
    free = facts.ledger.available(item.sku, "unallocated")
    wanted = item.reserve_units(len(facts.show.channels))
    if wanted > free:
        yield Finding(
            "reserve_short",
            Level.ERROR,
            (
                f"{item.sku} 需预留 {wanted} 件，未分配只有 {free} 件",
                f"the reserve of {item.sku} needs {wanted} units, {free} are unallocated",
            ),
            (
                "收回部分渠道配额或下调预留比例；此项不可放行",
                "take rights back or lower the percentage; the start needs it",
            ),
            item.sku,
        )


def _sellable(facts: Gathered, sku: str) -> int:
    stock = facts.ledger.stocks.get(sku)
    ours = {"unallocated", "reserve", *(f"channel:{name}" for name in facts.show.channels)}
    accounts = stock.accounts if stock is not None else []
    return sum(
        each.posted - each.held
        for each in accounts
        if each.account in ours or each.account.startswith("drop:")
    )


def _money(item: Item, known: Sku) -> Iterator[Finding]:
    if known.price_cents is None or known.cost_cents is None:
        lacking = ("售价", "price") if known.price_cents is None else ("成本", "cost")
        yield Finding(
            "price_or_cost_missing",
            Level.WARNING,
            (f"{item.sku} 没有{lacking[0]}", f"{item.sku} has no {lacking[1]}"),
            ("补全后才能判断是否亏本", "without it nobody sees whether it is sold at a loss"),
            item.sku,
        )
    elif known.price_cents < known.cost_cents:
        loss = (known.cost_cents - known.price_cents) / 100
        yield Finding(
            "sold_at_a_loss",
            Level.WARNING,
            (f"{item.sku} 每件亏 {loss:.2f} 元", f"every {item.sku} loses {loss:.2f}"),
            ("确认是否为引流款，并设置限购", "see that this is meant, and set limits"),
            item.sku,
        )


def _guards(item: Item, known: Sku) -> Iterator[Finding]:
    limited = item.limits is not None and item.limits.any()
    if item.strategy is Strategy.FLASH and not limited:
        yield Finding(
            "flash_without_limits",
            Level.ERROR,
            (f"秒杀商品 {item.sku} 没有限购", f"the flash item {item.sku} has no limits"),
            ("设置每单或每人限购", "set a limit per order or per buyer"),
            item.sku,
        )
    price, cost, guard = known.price_cents, known.cost_cents, known.guard
    bounded = guard is not None and (guard.units_max, guard.loss_cents_max) != (None, None)
    if price is not None and cost is not None and price < cost and not bounded:
        yield Finding(
            "no_exposure_limit",
            Level.ERROR,
            (f"亏本商品 {item.sku} 没有敞口上限", f"{item.sku} loses money and has no exposure limit"),
            ("设置数量上限或亏损上限", "set how many units, or how much loss, is borne at most"),
            item.sku,
        )


def _shows(facts: Gathered) -> Iterator[Finding]:
    refused = conflict(facts.show, facts.show.items, facts.live)
    if refused is not None:
        sku, show = str(refused.facts["sku"]), str(refused.facts["show"])
        yield Finding(
            "show_overlaps",
            Level.ERROR,
            (f"{sku} 正在场次 {show} 中销售", str(refused)),
            (
                "先结束该场次，或移除该商品；此项不可放行",
                "end that show or take the item out; the start needs it",
            ),
            sku,
        )
