"""How the units of one SKU are dealt among its listings: a view in; moves, readings and their worth out."""

from .moves import propose
from .view import Line, Plan, Proposal, Tuning, View

__all__ = ["Line", "Plan", "Proposal", "Tuning", "View", "propose"]
