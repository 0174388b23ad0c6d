"""What a show looks like to a caller, coming in and going out."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from holdfast.api.fields import (
    ChannelId,
    CommandId,
    Failed,
    NameText,
    Quantity,
    ShowId,
    SkuId,
    Timestamp,
    check_path,
    optional_time,
    to_time,
    to_us,
)
from holdfast.api.operation import Request
from holdfast.operations.limits.layers import Bounds
from holdfast.operations.shelf import RevisionError
from holdfast.operations.shows.model import (
    ITEMS_MAX,
    Item,
    ItemState,
    Opening,
    Show,
    ShowError,
    Status,
    Strategy,
    proposed_percent,
)
from holdfast.operations.shows.rundown import Who

Script = Annotated[str, Meta(max_length=2_000, description="What the host says.")]
Percent = Annotated[int, Meta(ge=0, le=100, description="Of the plan; proposed from it if left out.")]
Minutes = Annotated[int, Meta(ge=0, le=1_440, description="Planned.")]


class ItemLimits(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Purchase limits 限购 for the time of a show or a drop, in units."""

    per_order: Quantity | None = None
    per_buyer: Quantity | None = None
    per_buyer_across_channels: Quantity | None = None


class RundownItemBody(msgspec.Struct, forbid_unknown_fields=True):
    """An item of the rundown 排品."""

    sku: SkuId
    planned: Quantity
    strategy: Strategy = Strategy.SHARED
    reserve_percent: Percent | None = None
    limits: ItemLimits | None = None
    script: Script = ""
    minutes: Minutes | None = None
    opening: Opening = Opening.APPROVAL


class ShowBody(msgspec.Struct, forbid_unknown_fields=True):
    """A show to plan or to change; with `revision` only if nobody changed it in the meantime."""

    name: NameText
    channels: Annotated[list[ChannelId], Meta(min_length=1, max_length=20)]
    starts_at: Timestamp
    ends_at: Timestamp
    items: Annotated[list[RundownItemBody], Meta(max_length=ITEMS_MAX)] = []
    revision: Annotated[int, Meta(ge=0)] | None = None


class StepBody(msgspec.Struct, forbid_unknown_fields=True):
    """A step; the same id again changes nothing."""

    id: CommandId


class StartBody(StepBody, forbid_unknown_fields=True):
    """A start; each error of the preflight that is taken upon oneself has its code and a reason."""

    overrule: Annotated[dict[str, NameText], Meta(max_length=30)] = {}


class SkipBody(StepBody, forbid_unknown_fields=True):
    """Which item is left out; by default the one on air."""

    sku: SkuId | None = None


class SpotlightBody(StepBody, forbid_unknown_fields=True):
    """Which item is shown large."""

    sku: SkuId


class PushBody(StepBody, forbid_unknown_fields=True):
    """An item to push in 临时加推: on air `now`, or after the one that is."""

    item: RundownItemBody
    now: bool = False


class OpenReserveBody(StepBody, forbid_unknown_fields=True):
    """Units of an item's reserve to open."""

    sku: SkuId
    units: Quantity


class RundownItemDocument(msgspec.Struct):
    """An item of the rundown as it stands; `reserve_percent_proposed` is 10 to 20 % by its plan."""

    sku: str
    planned: int
    strategy: Strategy
    reserve_percent: int | None
    reserve_percent_proposed: int
    limits: ItemLimits | None
    script: str
    minutes: int | None
    state: ItemState
    pushed_in: bool
    on_air_at: datetime | None
    done_at: datetime | None
    reserved: int
    opened: int
    opening: Opening


class StepDocument(msgspec.Struct):
    """Something that happened in the show."""

    at: datetime
    actor: str
    action: str
    sku: str
    detail: str


class OverruledDocument(msgspec.Struct):
    """An error of the preflight that a person took upon themselves."""

    code: str
    reason: str
    actor: str
    at: datetime


class SoldDocument(msgspec.Struct):
    """Net units of an item that a channel sold in the show."""

    sku: str
    channel: str
    units: int


class ShowDocument(msgspec.Struct):
    """A show as it stands; `results` is null until it has ended."""

    id: str
    revision: int
    name: str
    channels: list[str]
    starts_at: datetime
    ends_at: datetime
    status: Status
    items: list[RundownItemDocument]
    current: str | None
    spotlight: str | None
    undoable: str | None
    started_at: datetime | None
    started_by: str
    ended_at: datetime | None
    ended_by: str
    steps: list[StepDocument]
    overruled: list[OverruledDocument]
    results: list[SoldDocument] | None


class ShowPage(msgspec.Struct):
    """All shows, in order of their start; there is no second page."""

    items: list[ShowDocument]
    next: str | None


def item_of(body: RundownItemBody) -> Item:
    """As it is kept."""
    limits = body.limits
    bounds = (
        None
        if limits is None
        else Bounds(limits.per_order, limits.per_buyer, limits.per_buyer_across_channels)
    )
    return Item(
        body.sku,
        body.planned,
        body.strategy,
        body.reserve_percent,
        bounds,
        body.script,
        body.minutes,
        opening=body.opening,
    )


def show_of(id: str, body: ShowBody) -> Show:
    """As it is kept."""
    starts, ends = to_us(body.starts_at, "starts_at"), to_us(body.ends_at, "ends_at")
    assert starts is not None
    assert ends is not None
    channels = tuple(dict.fromkeys(body.channels))
    return Show(id, body.name, channels, starts, ends, tuple(item_of(item) for item in body.items))


def document(show: Show, revision: int) -> ShowDocument:
    """As a caller sees it."""
    return ShowDocument(
        show.id,
        revision,
        show.name,
        list(show.channels),
        to_time(show.starts_at_us),
        to_time(show.ends_at_us),
        show.status,
        [_item(item, len(show.channels)) for item in show.items],
        show.current,
        show.spotlight,
        show.undo.action if show.undo is not None else None,
        optional_time(show.started_at_us),
        show.started_by,
        optional_time(show.ended_at_us),
        show.ended_by,
        [StepDocument(to_time(s.at_us), s.actor, s.action, s.sku, s.detail) for s in show.steps],
        [OverruledDocument(o.code, o.reason, o.actor, to_time(o.at_us)) for o in show.overruled],
        None
        if show.results is None
        else [SoldDocument(each.sku, each.channel, each.units) for each in show.results],
    )


def _item(item: Item, channels: int) -> RundownItemDocument:
    limits = item.limits
    return RundownItemDocument(
        item.sku,
        item.planned,
        item.strategy,
        item.reserve_percent,
        proposed_percent(item.planned, channels),
        ItemLimits(limits.per_order, limits.per_buyer, limits.per_buyer_across_channels) if limits else None,
        item.script,
        item.minutes,
        item.state,
        item.pushed_in,
        optional_time(item.on_air_at_us),
        optional_time(item.done_at_us),
        item.reserved,
        item.opened,
        item.opening,
    )


def show_id(request: Request) -> str:
    """The show in the path."""
    id: str = check_path(ShowId, request.path["show"], "show")
    return id


def who(request: Request, id: str = "") -> Who:
    """Who asks."""
    return Who(request.principal.actor, id, request.holdfast.clock.now_us(), request.request_id)


def failed(error: Exception) -> Failed:
    """What stood against it, as an answer."""
    if isinstance(error, ShowError):
        return Failed(error.code, str(error), field=error.field, facts=error.facts)
    assert isinstance(error, RevisionError)
    return Failed(
        "changed_meanwhile", f"{error}; read it again", field="revision", facts={"revision": error.revision}
    )
