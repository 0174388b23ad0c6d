"""Calls about warnings: what stands, and the lines."""

from . import lines, standing

OPERATIONS = [*standing.OPERATIONS, *lines.OPERATIONS]
