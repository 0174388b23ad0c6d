"""Sheets of listings: from CSV and Excel to what will be mapped, and back."""

from .commands import listings

__all__ = ["listings"]
