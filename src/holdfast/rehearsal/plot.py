"""A picture of a show: units left, rights and counters over time, and when a platform stood empty."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from holdfast.sync.messages import ListingId

from .show import History, Played

_COLOURS = ("#2563eb", "#e8590c", "#2b8a3e", "#9c36b5", "#0b7285", "#a61e4d")
_CHINESE_FONTS = ("Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei")
_WORTH_SELLING = 0.01
_LITTLE_LEFT_SHADE = 0.3


class PlotError(Exception):
    """The picture cannot be written; the message says what would do."""


def write_plot(played: Played, file: Path) -> None:
    """Draw a show that was played with its history; the ending of the name chooses the format."""
    # It takes a second to load, and most rehearsals draw nothing.
    import matplotlib as mpl
    from matplotlib import font_manager

    mpl.use("Agg")
    installed = font_manager.get_font_names()
    mpl.rcParams["font.family"] = ["DejaVu Sans", *(name for name in _CHINESE_FONTS if name in installed)]
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    empty = LinearSegmentedColormap.from_list("empty", ("#f8f9fa", "#e03131"))
    history = played.history
    if history is None or not history.times_s:
        raise PlotError("the show kept no history to draw")
    figure = Figure(figsize=(11, 8), layout="constrained")
    parts = figure.subplots(3, 1, sharex=True, height_ratios=(5, 5, 1.4))
    _draw_left(parts[0], played, history)
    _draw_rights(parts[1], played, history)
    _draw_phantoms(parts[2], played, history, empty)
    figures = played.figures
    figure.suptitle(
        f"{played.scenario.id}: sold {figures.served:,} of the {figures.all_knowing:,} that an all-knowing"
        f" controller sells ({figures.ratio:.2%}), oversold {figures.oversold}, {figures.calls:,} calls",
        fontsize=12,
    )
    try:
        with warnings.catch_warnings():
            # A name in a script that no font here has is drawn as boxes; that is no news for the terminal.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            figure.savefig(file, dpi=110)
    except (OSError, ValueError) as error:
        raise PlotError(
            f"{file} cannot be written: {error}; give a name that ends in .png or .svg"
        ) from error


def _sums(series: Sequence[Sequence[int]]) -> list[int]:
    return [sum(values) for values in zip(*series, strict=True)]


def _bell_s(played: Played) -> float | None:
    """When the all-knowing controller had sold the last unit of everything; None if it had not."""
    if any(best.sold_by_bell is None for best in played.best.values()):
        return None
    return max(best.bell_s for best in played.best.values())


def _draw_left(axes: Any, played: Played, history: History) -> None:
    steps = sorted(
        (at_s, sku, left) for sku, best in played.best.items() for at_s, left in best.left_over_time
    )
    now = {sku.id: sku.stock for sku in played.scenario.skus}
    times_s, best_left = [-played.scenario.setup_s], [sum(now.values())]
    total = best_left[0]
    for at_s, sku, left in steps:
        total += left - now[sku]
        now[sku] = left
        times_s.append(at_s)
        best_left.append(total)
    axes.fill_between(history.times_s, _sums(list(history.left.values())), color="#dbe4ff", step="post")
    axes.plot(
        history.times_s,
        _sums(list(history.left.values())),
        color="#364fc7",
        lw=1.8,
        label="units left, this show",
    )
    axes.plot(
        times_s, best_left, color="#212529", lw=1.2, ls="--", label="units left, all-knowing controller"
    )
    bell_s = _bell_s(played)
    if bell_s is not None:
        axes.axvline(bell_s, color="#868e96", lw=1, ls=":")
        axes.annotate(
            "bell",
            (bell_s, 0),
            xytext=(4, 6),
            textcoords="offset points",
            color="#495057",
        )
    axes.set_ylabel("units left to sell")
    axes.legend(loc="lower left", frameon=False)
    _tidy(axes)


def _draw_rights(axes: Any, played: Played, history: History) -> None:
    for number, platform in enumerate(played.scenario.platforms):
        colour = _COLOURS[number % len(_COLOURS)]
        listings = [listing for listing in history.rights if listing.channel == platform.id]
        rights = _sums([history.rights[listing] for listing in listings])
        counters = _sums([history.counters[listing] for listing in listings])
        axes.plot(
            history.times_s,
            rights,
            color=colour,
            lw=1.8,
            drawstyle="steps-post",
            label=f"{platform.id}: right",
        )
        axes.plot(history.times_s, counters, color=colour, lw=0.9, alpha=0.8, ls="--", drawstyle="steps-post")
    axes.plot([], [], color="#495057", lw=0.9, ls="--", label="dashed: its counter")
    axes.set_ylabel("units given to a platform")
    axes.legend(loc="upper right", frameon=False, ncols=2)
    _tidy(axes)


def _draw_phantoms(axes: Any, played: Played, history: History, shades: Any) -> None:
    scenario = played.scenario
    rows = phantom_shades(played, history)
    edges_s = [*history.times_s, scenario.horizon_s]
    axes.pcolormesh(edges_s, range(len(rows) + 1), rows, cmap=shades, vmin=0, vmax=1, rasterized=True)
    axes.set_yticks([n + 0.5 for n in range(len(rows))], [platform.id for platform in scenario.platforms])
    for number in range(1, len(rows)):
        axes.axhline(number, color="white", lw=2)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.set_ylabel("phantom\nstock-outs")
    axes.set_xlabel("seconds since the opening")
    axes.set_xlim(-scenario.setup_s, scenario.horizon_s)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def phantom_shades(played: Played, history: History) -> list[list[float]]:
    """One row a platform: the darker, the more of its items show none while units are left elsewhere.

    While fewer than 1 % of an item's units are left, the shade is light: it counts, but little can be lost.
    """
    scenario = played.scenario
    stocks = {sku.id: sku.stock for sku in scenario.skus}

    def shade(listing: ListingId, n: int) -> float:
        left = history.left[listing.listing][n]
        if history.counters[listing][n] > 0 or left <= 0 or history.times_s[n] <= 0:
            return 0.0
        return 1.0 if left > _WORTH_SELLING * stocks[listing.listing] else _LITTLE_LEFT_SHADE

    rows: list[list[float]] = []
    for platform in scenario.platforms:
        sold_here = [stream.sku for stream in scenario.demand if stream.platform == platform.id]
        listings = [listing for listing in history.counters if listing.channel == platform.id]
        listings = [listing for listing in listings if listing.listing in sold_here]
        rows.append(
            [
                sum(shade(listing, n) for listing in listings) / max(1, len(listings))
                for n in range(len(history.times_s))
            ]
        )
    return rows


def _tidy(axes: Any) -> None:
    axes.set_ylim(bottom=0)
    axes.grid(axis="y", color="#e9ecef", lw=0.8)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
