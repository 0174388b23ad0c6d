"""Tiered warnings 阶梯预警: when to tell that a SKU runs out, how loudly, and what could be done about it."""

from .digest import Digest, digest
from .model import Advice, Channel, Figures, Kind, Level, Lines, Standing, State, StockWarning, Tier, View
from .rule import Outcome, acknowledged, describe, evaluate
from .text import Language, Message, digest_message, duration, warning_message

__all__ = [
    "Advice",
    "Channel",
    "Digest",
    "Figures",
    "Kind",
    "Language",
    "Level",
    "Lines",
    "Message",
    "Outcome",
    "Standing",
    "State",
    "StockWarning",
    "Tier",
    "View",
    "acknowledged",
    "describe",
    "digest",
    "digest_message",
    "duration",
    "evaluate",
    "warning_message",
]
