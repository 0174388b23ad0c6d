"""A proposal to open a step of the reserve, with the figures it was made from and what became of it."""

from enum import StrEnum

import msgspec

SETTLED_KEPT = 200
"""Of what was decided the newest; the audit trail and the shows have all of it."""


class ProposalStatus(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"
    """The stock came back, the reserve was opened otherwise, or the show ended."""


class ReserveFigures(msgspec.Struct, frozen=True):
    """What was known when the step was proposed, in units and seconds."""

    out_for_s: float
    sold_per_minute: float
    unpaid: int
    left: int
    """In the reserve, before the step."""


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Open `units` of a SKU's reserve in a live show; times are UTC in microseconds."""

    id: str
    show: str
    sku: str
    units: int
    figures: ReserveFigures
    made_at_us: int
    expires_at_us: int
    status: ProposalStatus = ProposalStatus.OPEN
    decided_by: str = ""
    decided_at_us: int | None = None

    def words_en(self) -> str:
        """Why so many, in English."""
        f = self.figures
        return (
            f"{self.units} of {f.left} units in reserve: the main stock has been out for "
            f"{f.out_for_s:.0f} s, every channel's news is in, {f.sold_per_minute:.0f}/min sold before, "
            f"{f.unpaid} unpaid units may partly come back"
        )

    def words_zh(self) -> str:
        """Why so many, in Chinese."""
        f = self.figures
        return (
            f"开放弹性库存 {self.units} 件（剩余 {f.left} 件）：主库存已售罄 {f.out_for_s:.0f} 秒，"
            f"各渠道消息已到齐，售罄前每分钟售 {f.sold_per_minute:.0f} 件，"
            f"未付款锁定 {f.unpaid} 件可能部分回流"
        )
