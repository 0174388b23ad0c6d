"""Steps through a rundown: pure functions from a show to the show after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from holdfast.operations.limits.layers import Bounds

from .model import STEPS_KEPT, Before, Item, ItemState, Show, ShowError, Status, Step, Strategy

_UNDOABLE = ("next", "skip", "spotlight")


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks for a step, by which request, and when."""

    actor: str
    id: str
    now_us: int
    request_id: str = ""


def noted(show: Show, who: Who, action: str, sku: str = "", detail: str = "") -> Show:
    """The show with one more line in its history."""
    step = Step(who.now_us, who.actor, action, who.id, sku, detail)
    return replace(show, steps=(*show.steps, step)[-STEPS_KEPT:])


def must_be(show: Show, status: Status) -> None:
    """Raises ShowError where the show stands otherwise."""
    if show.status is not status:
        raise ShowError(
            "show_is_" + show.status,
            f"show {show.id} is {show.status}; this needs one that is {status}",
            facts={"show": show.id, "status": show.status},
        )


def next_waiting(show: Show) -> Item | None:
    """The item that comes after the one on air."""
    return next((item for item in show.items if item.state is ItemState.WAITING), None)


def next_item(show: Show, who: Who) -> Show:
    """The item on air is done, the next waiting one goes on air."""
    must_be(show, Status.LIVE)
    coming = next_waiting(show)
    if coming is None and show.current is None:
        raise ShowError("no_next_item", f"no item of show {show.id} waits any more; end the show or push one")
    return _on_air(show, coming, ItemState.DONE, who, "next")


def skip(show: Show, sku: str | None, who: Who) -> Show:
    """Leave out an item that waits, or the one on air: then the next one goes on air."""
    must_be(show, Status.LIVE)
    sku = sku or show.current
    if sku is None:
        raise ShowError("no_next_item", "nothing is on air; name the item to skip", field="sku")
    item = item_of(show, sku)
    if sku == show.current:
        return _on_air(show, next_waiting(show), ItemState.SKIPPED, who, "skip")
    if item.state is not ItemState.WAITING:
        raise ShowError("item_not_waiting", f"{sku} is {item.state}; only a waiting item is skipped")
    items = _with(show.items, replace(item, state=ItemState.SKIPPED))
    return noted(replace(_undoable(show, "skip"), items=items), who, "skip", sku)


def spotlight(show: Show, sku: str, who: Who) -> Show:
    """Show an item large on the screens; the order and what is on air stay."""
    must_be(show, Status.LIVE)
    item_of(show, sku)
    return noted(replace(_undoable(show, "spotlight"), spotlight=sku), who, "spotlight", sku)


def push(show: Show, item: Item, who: Who, *, now: bool) -> Show:
    """Put an item in that was not planned 临时加推: on air at once, or next."""
    must_be(show, Status.LIVE)
    if show.item(item.sku) is not None:
        raise ShowError(
            "item_in_rundown", f"{item.sku} is in the rundown; use spotlight or next", facts={"sku": item.sku}
        )
    item = replace(item, pushed_in=True)
    at = next(
        (place for place, each in enumerate(show.items) if each.state is ItemState.WAITING), len(show.items)
    )
    pushed = replace(show, items=(*show.items[:at], item, *show.items[at:]), undo=None)
    if not now:
        return noted(pushed, who, "push", item.sku, "next")
    return replace(_on_air(pushed, item, ItemState.DONE, who, "push"), undo=None)


def undo(show: Show, who: Who) -> Show:
    """Take back the last step, if it moved no stock and set no limit."""
    must_be(show, Status.LIVE)
    before = show.undo
    if before is None:
        raise ShowError("nothing_to_undo", "only the last next, skip or spotlight is taken back, and once")
    # What the stock did in the meantime stays: the ledger is not undone with the rundown.
    now = {item.sku: item for item in show.items}
    items = tuple(
        replace(item, opened=now[item.sku].opened, openings=now[item.sku].openings) for item in before.items
    )
    back = replace(show, items=items, current=before.current, spotlight=before.spotlight, undo=None)
    return noted(back, who, "undo", detail=before.action)


def changed(old: Show, new: Show, who: Who) -> Show:
    """What a person may change: all of a planned show; of a live one what moves no stock and no limit.

    Of a live show these are its name, its end, the order of its items, their scripts and minutes, and who
    opens their reserve.
    """
    if old.status is Status.PLANNED:
        return noted(replace(new, steps=old.steps, attempt=old.attempt), who, "changed")
    must_be(old, Status.LIVE)
    if (new.channels, new.starts_at_us) != (old.channels, old.starts_at_us):
        raise ShowError("show_is_live", "a live show keeps its channels and its start")
    if {item.sku for item in new.items} != {item.sku for item in old.items}:
        raise ShowError("show_is_live", "a live show keeps its items; push one in or skip one", field="items")
    items = []
    for wanted in new.items:
        item = item_of(old, wanted.sku)
        if _fixed(wanted) != _fixed(item):
            raise ShowError(
                "show_is_live",
                f"{item.sku} is on sale: its plan, strategy, reserve and limits stay until the show ends",
                field="items",
                facts={"sku": item.sku},
            )
        items.append(replace(item, script=wanted.script, minutes=wanted.minutes, opening=wanted.opening))
    live = replace(old, name=new.name, ends_at_us=new.ends_at_us, items=tuple(items), undo=None)
    return noted(live, who, "changed")


def item_of(show: Show, sku: str) -> Item:
    """The item; raises ShowError if the rundown has none of that SKU."""
    item = show.item(sku)
    if item is None:
        raise ShowError("not_in_rundown", f"{sku} is not in the rundown of {show.id}", facts={"sku": sku})
    return item


def _fixed(item: Item) -> tuple[int, Strategy, int | None, Bounds | None]:
    return item.planned, item.strategy, item.reserve_percent, item.limits


def _undoable(show: Show, action: str) -> Show:
    assert action in _UNDOABLE
    return replace(show, undo=Before(action, show.items, show.current, show.spotlight))


def _on_air(show: Show, coming: Item | None, leaving: ItemState, who: Who, action: str) -> Show:
    items: Sequence[Item] = show.items
    if show.current is not None:
        gone = item_of(show, show.current)
        items = _with(items, replace(gone, state=leaving, done_at_us=who.now_us))
    sku = None
    if coming is not None:
        sku = coming.sku
        items = _with(items, replace(coming, state=ItemState.ON_AIR, on_air_at_us=who.now_us))
    kept = _undoable(show, action) if action in _UNDOABLE else show
    about = (show.current if action == "skip" else sku) or ""
    return noted(replace(kept, items=tuple(items), current=sku, spotlight=sku), who, action, about)


def _with(items: Sequence[Item], item: Item) -> tuple[Item, ...]:
    return tuple(item if each.sku == item.sku else each for each in items)
