"""Tiered warnings 阶梯预警 at work: a watch on the commits, what stands, and the lines that people set."""

from .lines import LinesBook
from .measures import WarningMeasures
from .records import LinesDocument, WarningDocument
from .watch import NotStandingError, Standing, WarningWatch

__all__ = [
    "LinesBook",
    "LinesDocument",
    "NotStandingError",
    "Standing",
    "WarningDocument",
    "WarningMeasures",
    "WarningWatch",
]
