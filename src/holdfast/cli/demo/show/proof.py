"""The proof: what every platform says of itself and what the buyers were told, against every word of ours."""

from dataclasses import dataclass
from typing import Any

from ..checks import Check, all_passed, verified
from .plan import NAMES, SHOP
from .watch import Look


@dataclass(frozen=True, slots=True)
class Witness:
    """What all sides say when it is quiet; `receipts` and `orders_there` come from buyers and platforms."""

    stock: int
    buyers: int
    receipts: dict[str, dict[str, int]]
    orders_there: dict[str, int]
    look: Look
    beyond_right: int
    verify: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """All statements, and the figures that people look for."""

    stock: int
    sold: int
    left: int
    oversold: int
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
            "left": self.left,
            "oversold": self.oversold,
            "checks": [check.to_json() for check in self.checks],
        }


def prove(witness: Witness) -> Proof:
    """Compare; `sold` is each platform's own number and the shop's receipts, never the server's word."""
    look, books = witness.look, witness.look.books
    shop_sold = witness.receipts[SHOP]["sold"]
    sold = sum(word.sold for word in look.words.values()) + shop_sold
    # A debt that other units covered meanwhile is not to be forgotten.
    oversold = max(witness.beyond_right, books.debts, sold - witness.stock, 0)
    answered = sum(each["orders"] + each["refused"] for each in witness.receipts.values())
    checks = (
        Check(
            "decided", "buyers who bought or were told it is sold out 已答复买家", witness.buyers, answered
        ),
        Check("surprises", "answers that should not be 意外应答", 0, _sum(witness, "surprises")),
        Check("oversold", "oversold 超卖", 0, oversold),
        Check(
            "sum",
            "platforms' own sold + shop + left = stock 各平台自报已售+剩余=库存",
            witness.stock,
            sold + books.left,
        ),
        *_platforms(witness),
        Check(
            "shop", f"{NAMES[SHOP]}: sold, buyers' receipts = ledger 已售一致", shop_sold, books.sold[SHOP]
        ),
        Check("held", "held or unpaid at the end 预占归零", 0, _open(witness)),
        verified(witness.verify),
    )
    return Proof(witness.stock, sold, books.left, oversold, checks)


def _platforms(witness: Witness) -> list[Check]:
    """For each platform: three who say what it sold, two who count its orders, and its counter."""
    books, checks = witness.look.books, []
    for name, word in witness.look.words.items():
        title, line = NAMES[name], witness.look.lines[name]
        told = line.by_push + line.by_poll
        checks += [
            Check(
                f"{name}_sold",
                f"{title}: sold, its own number = ledger 已售一致",
                word.sold,
                books.sold[name],
            ),
            Check(
                f"{name}_receipts",
                f"{title}: sold, its own number = buyers' receipts 与买家凭据一致",
                word.sold,
                witness.receipts[name]["sold"],
            ),
            Check(
                f"{name}_orders",
                f"{title}: every order heard of 订单无遗漏",
                witness.orders_there[name],
                told,
            ),
            Check(
                f"{name}_counter",
                f"{title}: its counter = its right 平台库存=配额",
                word.counter,
                books.rights[name],
            ),
        ]
    return checks


def _sum(witness: Witness, field: str) -> int:
    return sum(each[field] for each in witness.receipts.values())


def _open(witness: Witness) -> int:
    books, words = witness.look.books, witness.look.words
    return sum(books.held.values()) + sum(word.unpaid for word in words.values()) + _sum(witness, "open")
