"""What people see while it happens: a live picture on a terminal, plain lines elsewhere."""

import time
from types import TracebackType
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from .feed import ChannelStock, FeedWatcher

FRAMES_PER_S = 8
LINE_EVERY_S = 1.0
_BAR_WIDTH_MAX = 100
PHASES = {
    "rush": "The rush 抢购开始",
    "aftermath": "Payments, cancellations, late payments 付款、取消、超时付款",
    "leftovers": "What came back is sold 退回的库存再售",
}
CAUSES = {
    "insufficient_available": "sold out 库存不足",
    "purchase_limit_exceeded": "over the limit 超过限购",
    "exists_with_different_quantity": "same id, other body 同号不同单",
    "hold_expired": "paid too late 超时付款",
}


def cause_words(code: str) -> str:
    """A cause for people."""
    return CAUSES.get(code, code.replace("_", " "))


class Picture:
    """Redraws from the feed and from the last line the buyers wrote."""

    def __init__(self, console: Console, watcher: FeedWatcher, stock: int) -> None:
        self._console = console
        self._watcher = watcher
        self._stock = stock
        self._said: dict[str, Any] = {}
        self._phases: dict[str, tuple[int, float]] = {}
        self._line_at = 0.0
        self._live: Live | None = None

    def __enter__(self) -> "Picture":
        if self._console.is_terminal:
            self._live = Live(
                console=self._console,
                get_renderable=self.frame,
                refresh_per_second=FRAMES_PER_S,
                transient=False,
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def update(self, said: dict[str, Any]) -> None:
        """The buyers wrote a line."""
        new_phase = said["phase"] != self._said.get("phase")
        self._said = said
        self._phases[said["phase"]] = int(said["answered"]), float(said["elapsed_s"])
        now = time.monotonic()
        if self._live is None and (new_phase or now - self._line_at >= LINE_EVERY_S):
            self._line_at = now
            self._console.print(self._line(), highlight=False, soft_wrap=True)

    def frame(self) -> RenderableType:
        """The whole picture as it is now."""
        now, said = self._watcher.latest, self._said
        phase = PHASES.get(said.get("phase", ""), "The crowd gathers 买家入场")
        numbers = Table.grid(padding=(0, 3))
        numbers.add_row(
            Text.assemble(("sold 已售 ", "dim"), (f"{now.sold:,}", "bold green")),
            Text.assemble(("held 预占 ", "dim"), (f"{now.held:,}", "bold yellow")),
            Text.assemble(("available 可售 ", "dim"), (f"{now.available:,}", "bold cyan")),
            Text.assemble(("waiting 等待 ", "dim"), (f"{said.get('waiting', 0):,}", "bold")),
        )
        speed = Table.grid(padding=(0, 3))
        speed.add_row(
            Text.assemble(("rate 速率 ", "dim"), (f"{self._rate():,.0f}/s", "bold")),
            Text.assemble(("p50 ", "dim"), (f"{said.get('p50_ms', 0.0):.1f} ms", "bold")),
            Text.assemble(("p99 ", "dim"), (f"{said.get('p99_ms', 0.0):.1f} ms", "bold")),
            Text.assemble(("repeats answered alike 重复 ", "dim"), (f"{said.get('replayed', 0):,}", "bold")),
        )
        refused = Table.grid(padding=(0, 2))
        for code, count in sorted(said.get("refused", {}).items(), key=lambda pair: -pair[1]):
            refused.add_row(Text(f"{count:>7,}", style="red"), Text(cause_words(code)))
        heading = Text("refused, by cause 拒绝原因", style="dim")
        return Group(Text(phase, style="bold"), self._bar(now), numbers, speed, heading, refused)

    def _rate(self) -> float:
        answered, elapsed_s = self._phases.get(self._said.get("phase", ""), (0, 0.0))
        return answered / elapsed_s if elapsed_s > 0 else 0.0

    def _bar(self, now: ChannelStock) -> Text:
        width = max(10, min(_BAR_WIDTH_MAX, self._console.width - 2))
        sold = min(width, now.sold * width // self._stock)
        held = min(width - sold, -(-now.held * width // self._stock))
        return Text.assemble(
            ("█" * sold, "green"), ("▓" * held, "yellow"), ("░" * (width - sold - held), "cyan")
        )

    def _line(self) -> str:
        now, said = self._watcher.latest, self._said
        refused = ", ".join(f"{cause_words(code)} {count:,}" for code, count in said["refused"].items())
        return (
            f"{PHASES[said['phase']]} {said['elapsed_s']:.1f} s: sold 已售 {now.sold:,}, "
            f"held 预占 {now.held:,}, available 可售 {now.available:,}, "
            f"{self._rate():,.0f}/s, p99 {said['p99_ms']:.1f} ms"
            + (f"; refused 拒绝: {refused}" if refused else "")
        )
