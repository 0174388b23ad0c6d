"""What people see while it happens: a live picture on a terminal, plain lines elsewhere."""

import time
from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from .plan import CHANNELS, NAMES, SILENT, VIRAL, Plan
from .watch import Look, Move

FRAMES_PER_S = 4
LINE_EVERY_S = 2.5
MOVES_SHOWN = 6
_BAR_WIDTH_MAX = 100
_COLOURS = {"douyin": "magenta", "kuaishou": "yellow", "taobao": "blue", "shop": "green"}
_COLUMNS = (
    "channel 渠道",
    "right 配额",
    "counter 平台库存",
    "sold 已售",
    "refused 售罄",
    "push/poll 推送/轮询",
    "",
)
REASONS = {"grant": "granted 追加配额", "recall": "called back 收回配额", "reading": "read back 回读校正"}


class Picture:
    """Redraws from the newest look at everybody, and from the last line that the buyers wrote."""

    def __init__(self, console: Console, plan: Plan) -> None:
        self.said: dict[str, Any] = {}
        self.losing_pushes = False
        self.phase = "The show 直播中"
        self.started_at: datetime | None = None
        self._console = console
        self._plan = plan
        self._look: Look | None = None
        self._moves: Sequence[Move] = ()
        self._line_at = float("-inf")
        self._live: Live | None = None

    def __enter__(self) -> "Picture":
        if self._console.is_terminal:
            self._live = Live(
                console=self._console, get_renderable=self.frame, refresh_per_second=FRAMES_PER_S
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def update(self, look: Look, moves: Sequence[Move]) -> None:
        """Somebody looked."""
        self._look, self._moves = look, moves
        if self._live is None and time.monotonic() - self._line_at >= LINE_EVERY_S:
            self._line_at = time.monotonic()
            self._console.print(self._line(look), highlight=False, soft_wrap=True)

    def event(self, words: str) -> None:
        """Something happens to a platform."""
        self._console.print(
            f"  ── {self.at_s:5.1f} s  {words}", style="bold", highlight=False, soft_wrap=True
        )

    @property
    def at_s(self) -> float:
        """Seconds since the show began, by the buyers' clock."""
        return float(self.said.get("at_s", 0.0))

    def frame(self) -> RenderableType:
        """The whole picture as it is now."""
        heading = Text(f"{self.phase}  {self.at_s:.0f} / {self._plan.show_s:g} s", style="bold")
        if self._look is None:
            return heading
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for number, column in enumerate(_COLUMNS):
            table.add_column(column, justify="right" if 0 < number < len(_COLUMNS) - 1 else "left")
        for channel in CHANNELS:
            table.add_row(*self._row(channel, self._look))
        return Group(heading, self._bar(self._look), self._totals(self._look), table, *self._recent())

    def _row(self, channel: str, look: Look) -> list[Text]:
        word, line = look.words.get(channel), look.lines.get(channel)
        books = look.books
        return [
            Text(NAMES[channel], style=_COLOURS[channel]),
            Text(f"{books.rights[channel]:,}", style="bold"),
            Text(f"{word.counter:,}" if word else "–"),
            Text(f"{word.sold if word else books.sold[channel]:,}", style="bold green"),
            Text(f"{self._receipts(channel, 'refused'):,}", style="red"),
            Text(f"{line.by_push:,}/{line.by_poll:,}" if line else "–"),
            Text(self._note(channel, look), style="bold red"),
        ]

    def _note(self, channel: str, look: Look) -> str:
        notes = []
        if channel == VIRAL and self._plan.viral_at_s <= self.at_s < self._plan.show_s:
            notes.append("viral 爆单")
        if channel == SILENT and self.losing_pushes:
            notes.append(f"webhooks lost 推送中断 {look.words[channel].pushes_lost:,}")
        line = look.lines.get(channel)
        if line is not None and line.problem:
            notes.append(line.problem)
        return "; ".join(notes)

    def _totals(self, look: Look) -> Text:
        books = look.books
        return Text.assemble(
            ("true count 真实库存 ", "dim"),
            (f"{books.left:,}", "bold cyan"),
            (" left 剩余   ", "dim"),
            (f"{sum(books.sold.values()):,}", "bold green"),
            (" sold 已售   ", "dim"),
            (f"{books.pool:,}", "bold"),
            (" of nobody 未分配   ", "dim"),
            (f"{books.debts:,}", "bold"),
            (" oversold 超卖", "dim"),
        )

    def _bar(self, look: Look) -> Text:
        """Sold units full, rights light, units of nobody dotted; each channel in its own colour."""
        width, stock, books = min(_BAR_WIDTH_MAX, self._console.width - 2), self._plan.stock, look.books
        bar = Text()
        for sign, units in (("█", books.sold), ("░", books.rights)):
            for channel in CHANNELS:
                bar.append(sign * (units[channel] * width // stock), style=_COLOURS[channel])
        return bar.append("·" * (books.pool * width // stock), style="dim")

    def _recent(self) -> list[Text]:
        heading = Text("stock moves by itself 库存自动流转", style="dim")
        recent = self._moves[-MOVES_SHOWN:]
        return [
            heading,
            *(Text(f"  {self._move_words(move)}", style=_COLOURS[move.channel]) for move in recent),
        ]

    def _move_words(self, move: Move) -> str:
        since_s = (move.at - self.started_at).total_seconds() if self.started_at is not None else 0.0
        reason = REASONS.get(move.reason, move.reason)
        return f"{since_s:6.1f} s  {move.units:+6,}  {NAMES[move.channel]}  {reason}"

    def _line(self, look: Look) -> str:
        books = look.books
        parts = []
        for channel in CHANNELS:
            word = look.words.get(channel)
            there = f"/{word.counter:,}" if word else ""
            note = self._note(channel, look)
            sold = word.sold if word else books.sold[channel]
            parts.append(
                f"{NAMES[channel]} {books.rights[channel]:,}{there} sold 已售 {sold:,}"
                + (f" ({note})" if note else "")
            )
        moved = f"; last move 最近流转: {self._move_words(self._moves[-1]).strip()}" if self._moves else ""
        heading = f"{self.at_s:5.1f} s: left 剩余 {books.left:,}; right/counter 配额/平台库存: "
        return f"{heading}{', '.join(parts)}{moved}"

    def _receipts(self, channel: str, field: str) -> int:
        return int(self.said.get("channels", {}).get(channel, {}).get(field, 0))
