"""Platforms 平台: what can be connected, connections, listings, pushes, and how the sync stands."""

from . import connections, listings, manifests, pauses, sync, unmapped, webhook

OPERATIONS = [
    operation
    for noun in (manifests, connections, listings, unmapped, pauses, webhook, sync)
    for operation in noun.OPERATIONS
]
"""Routes of these nouns."""
