"""What is kept of warnings, as documents."""

import msgspec

from holdfast.policies.warnings import Lines, State, StockWarning

WARNING, WARNING_LINES, WARNING_PEAKS = "warning", "warning_lines", "warning_peaks"
DEFAULT_LINES, ALL_PEAKS = "default", "all"


class WarningDocument(msgspec.Struct, frozen=True):
    """What stands for a SKU, and what was told of it last."""

    state: State
    told: StockWarning | None


class LinesDocument(msgspec.Struct, frozen=True):
    """The lines of all SKUs, or of one."""

    lines: Lines


class Peak(msgspec.Struct, frozen=True):
    """The most of a SKU that was on sale, and since when that is so."""

    units: int
    at_s: float


class PeaksDocument(msgspec.Struct, frozen=True):
    """The peaks of all SKUs in one document: they change only when stock comes in."""

    peaks: dict[str, Peak]
