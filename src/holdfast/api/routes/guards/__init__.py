"""Guards 风控: tickets, lists of buyers, reviews, why a hold was refused, and rules tried on the past."""

from . import lists, preview, refusals, reviews, tickets

OPERATIONS = [
    operation for noun in (tickets, lists, reviews, refusals, preview) for operation in noun.OPERATIONS
]
"""Routes of these nouns."""
