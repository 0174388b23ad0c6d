"""Drops 分时投放: a quantity locked until its time."""

from .drops import OPERATIONS

__all__ = ["OPERATIONS"]
