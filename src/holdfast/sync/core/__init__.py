"""The core of the rights protocol: `Core.handle(event, now_s) -> Effects`, without clock, chance or I/O."""

from .core import Core

__all__ = ["Core"]
