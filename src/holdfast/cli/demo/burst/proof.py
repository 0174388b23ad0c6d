"""The proof: what the buyers' own answers add up to, against every word of the server's."""

from dataclasses import dataclass
from typing import Any

from ..checks import Check, all_passed, verified
from .feed import ChannelStock


@dataclass(frozen=True, slots=True)
class Witness:
    """What one side says in the end."""

    report: dict[str, Any]
    stock: ChannelStock
    feed: ChannelStock
    feed_lowest_available: int
    feed_most_taken: int
    verify: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """All statements, and the figures that people look for."""

    stock: int
    sold: int
    oversold: int
    undersold: int
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every statement holds."""
        return all_passed(self.checks)

    def to_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "passed": self.passed,
            "stock": self.stock,
            "sold": self.sold,
            "oversold": self.oversold,
            "undersold": self.undersold,
            "checks": [check.to_json() for check in self.checks],
        }


def prove(stock: int, buyers: int, witness: Witness) -> Proof:
    """Compare; `sold` is the sum of the buyers' own receipts, never the server's word."""
    book = witness.report["book"]
    sold = int(book["sold_units"])
    most = max(sold, witness.stock.sold, witness.feed_most_taken)
    oversold = max(0, most - stock)
    # Whoever still waits asked for one unit, and was told that there was none.
    undersold = min(max(0, stock - sold), int(witness.report["unserved"]))
    checks = (
        *_answered(buyers, witness.report),
        Check("oversold", "oversold 超卖", 0, oversold),
        Check("undersold", "undersold 少卖 (refused, yet units were left)", 0, undersold),
        Check("stock_sold", "sold: buyers' receipts = GET /v1/stock 已售一致", sold, witness.stock.sold),
        Check("stock_held", "held at the end 预占归零", int(book["held_units"]), witness.stock.held),
        Check("stock_available", "units left 剩余", stock - sold, witness.stock.available),
        Check("feed_sold", "sold: the feed says the same 推送一致", sold, witness.feed.sold),
        Check("feed_lowest", "below zero at any moment 从未为负", 0, witness.feed_lowest_available),
        verified(witness.verify),
    )
    return Proof(stock, sold, oversold, undersold, checks)


def _answered(buyers: int, report: dict[str, Any]) -> tuple[Check, ...]:
    book, rush, aftermath = report["book"], report["rush"], report["aftermath"]
    aborted = bool(rush["aborted"]) + bool(aftermath["aborted"])
    unanswered = int(rush["unanswered"]) + int(aftermath["unanswered"]) + aborted
    return (
        Check("decided", "buyers decided 已判定买家", buyers, int(report["first_orders_decided"])),
        Check("unanswered", "requests without an answer 无应答", 0, unanswered),
        Check("surprises", "answers that should not be 意外应答", 0, int(book["surprise_count"])),
        Check("mismatched", "repeats answered differently 重复请求应答不一致", 0, int(book["mismatched"])),
        Check("doubled", "orders made twice 重复下单", 0, int(book["doubled"])),
    )
