"""Guards 风控: tickets, lists of buyers, reviews, and why a hold was refused."""

from . import lists, refusals, reviews, tickets

OPERATIONS = [operation for noun in (tickets, lists, reviews, refusals) for operation in noun.OPERATIONS]
"""Routes of these nouns."""
