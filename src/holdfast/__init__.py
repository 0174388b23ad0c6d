"""Holdfast: one true count for stock that is sold in several live rooms at once."""

__version__ = "0.1.0"
