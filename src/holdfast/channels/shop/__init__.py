"""Our own storefront: it asks us for every hold."""

from .client import connect
from .manifest import MANIFEST

__all__ = ["MANIFEST", "connect"]
