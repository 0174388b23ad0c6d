"""Sheets of listings: from CSV and Excel to what will be mapped, and back."""

from .export import template, write
from .plan import ListingPlan, PutListing, plan
from .rows import Column, ListingLine, ListingSheet, read_listings, read_listings_bytes

__all__ = [
    "Column",
    "ListingLine",
    "ListingPlan",
    "ListingSheet",
    "PutListing",
    "plan",
    "read_listings",
    "read_listings_bytes",
    "template",
    "write",
]
