"""`holdfast listings`: sheets of listings against a server."""

from .commands import listings

__all__ = ["listings"]
