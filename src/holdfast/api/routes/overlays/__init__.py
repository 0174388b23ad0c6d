"""Viewer overlays 贴片: managed by their names, watched at addresses that nobody can guess."""

from . import manage, stream

OPERATIONS = [operation for noun in (manage, stream) for operation in noun.OPERATIONS]
"""Routes of this noun."""
