"""Calls about warnings: what stands, and the lines."""

from . import lines, preview, standing

OPERATIONS = [*standing.OPERATIONS, *lines.OPERATIONS, *preview.OPERATIONS]
