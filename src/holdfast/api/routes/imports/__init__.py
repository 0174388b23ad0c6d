"""Calls that read a file of the operator's: first what it would change, then, if asked, the change."""

from . import items, listings, undo

OPERATIONS = [*items.OPERATIONS, *undo.OPERATIONS, *listings.OPERATIONS]
