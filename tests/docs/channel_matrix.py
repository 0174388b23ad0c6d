"""The page of the platforms as their manifests say it; `python -m tests.docs.channel_matrix` writes it."""

import importlib
import pkgutil

from holdfast import channels
from holdfast.channels.manifest import GivesBack, Manifest, PushMode
from tests.docs.surface import REFERENCE

PAGE = REFERENCE / "channels.md"
_HEADING = """# Platforms 平台

What each platform can do with stock, as its adapter declares it; the sync core follows these declarations,
never a platform's name. A channel's settings can correct any of them. This page is written from the manifests
(`python -m tests.docs.channel_matrix`), and a test keeps it true.
A new platform: [add a channel](../guides/add-a-channel.md).
"""
_STOCK = (
    "platform",
    "written by",
    "below zero",
    "idempotency id",
    "can shrink",
    "reads back",
    "write tells counter",
)
_TRADE = (
    "platform",
    "deducts",
    "back on cancel",
    "back on refund",
    "news",
    "push carries order",
    "poll",
    "poll span",
    "page",
)
_LIMITS = (
    "platform",
    "calls a second",
    "at once",
    "time-out",
    "push answered within",
    "reading may be old by",
)


def manifests() -> list[Manifest]:
    """The manifest of every platform folder, by name."""
    found = [
        importlib.import_module(f"{channels.__name__}.{module.name}").MANIFEST
        for module in pkgutil.iter_modules(channels.__path__)
        if module.ispkg
    ]
    return sorted(found, key=lambda manifest: manifest.platform)


def page() -> str:
    """The whole text of the page."""
    rows = manifests()
    parts = [
        _HEADING,
        f"## Stock 库存\n\n{_table(_STOCK, [_stock(row) for row in rows])}",
        f"## Orders and news 订单与消息\n\n{_table(_TRADE, [_trade(row) for row in rows])}",
        f"## Limits 限制\n\nFirst guesses; the core learns the real times while it runs.\n\n"
        f"{_table(_LIMITS, [_limits(row) for row in rows])}",
        "## What no source settled 未定事项\n",
        *[_uncertain(row) for row in rows],
    ]
    return "\n".join(parts)


def _table(heading: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _name(row: Manifest) -> str:
    return f"[{row.title} {row.title_zh}](../../src/holdfast/channels/{row.platform}/README.md)"


def _stock(row: Manifest) -> list[str]:
    answers = (row.idempotent, row.can_shrink, row.read_back, row.write_tells_counter)
    return [_name(row), _words(row.write), _words(row.under_run), *map(_yes, answers)]


def _trade(row: Manifest) -> list[str]:
    pushes = row.push is not PushMode.NONE
    return [
        row.title,
        _words(row.deducts),
        _back(row.gives_back_on_cancel),
        _back(row.gives_back_on_refund),
        _words(row.push),
        _yes(row.push_carries_order) if pushes else "–",
        f"every {row.poll_every_s:g} s" if row.poll else "no",
        _span(row.poll_window_max_s) if row.poll else "–",
        str(row.poll_page_max) if row.poll else "–",
    ]


def _limits(row: Manifest) -> list[str]:
    return [
        row.title,
        f"{row.rate.per_s:g}",
        f"{row.rate.burst:g}",
        f"{row.timeout_s:g} s",
        f"{row.acknowledge_within_s:g} s" if row.push is PushMode.WEBHOOK else "–",
        f"{row.read_stale_s:g} s",
    ]


def _uncertain(row: Manifest) -> str:
    points = "".join(f"- {point}\n" for point in row.uncertain) or "- nothing\n"
    return f"### {row.title}\n\n{points}"


def _words(value: str) -> str:
    return value.replace("_", " ")


def _back(value: GivesBack) -> str:
    return value.value


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _span(seconds: float) -> str:
    for unit_s, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds % unit_s == 0:
            return f"{seconds / unit_s:g} {unit}"
    return f"{seconds:g} s"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
