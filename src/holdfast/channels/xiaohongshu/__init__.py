"""Xiaohongshu (小红书)."""

from .client import connect
from .manifest import MANIFEST

__all__ = ["MANIFEST", "connect"]
