"""The closed list of results: what a command came to, in the order in which causes are checked."""

from enum import StrEnum


class ResultCode(StrEnum):
    """Outcome of one command; the first eight are successes, all others are refusals."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"
    POSTED = "posted"
    SAVED = "saved"
    UNCHANGED = "unchanged"
    NOT_DUE = "not_due"

    EXISTS_WITH_DIFFERENT_CHANNEL = "exists_with_different_channel"
    EXISTS_WITH_DIFFERENT_BUYER = "exists_with_different_buyer"
    EXISTS_WITH_DIFFERENT_LINES = "exists_with_different_lines"
    EXISTS_WITH_DIFFERENT_QUANTITY = "exists_with_different_quantity"
    EXISTS_WITH_DIFFERENT_TTL = "exists_with_different_ttl"
    EXISTS_WITH_DIFFERENT_SKU = "exists_with_different_sku"
    EXISTS_WITH_DIFFERENT_LOCATION = "exists_with_different_location"
    EXISTS_WITH_DIFFERENT_FROM = "exists_with_different_from"
    EXISTS_WITH_DIFFERENT_TO = "exists_with_different_to"
    EXISTS_WITH_DIFFERENT_REASON = "exists_with_different_reason"

    UNKNOWN_HOLD = "unknown_hold"
    UNKNOWN_CHANNEL = "unknown_channel"
    UNKNOWN_SKU = "unknown_sku"

    HOLD_ALREADY_CONFIRMED = "hold_already_confirmed"
    HOLD_ALREADY_RELEASED = "hold_already_released"
    HOLD_EXPIRED = "hold_expired"
    NOT_IN_REVIEW = "not_in_review"
    REVIEW_ALREADY_DECIDED = "review_already_decided"

    CHANNEL_FROZEN = "channel_frozen"
    SKU_FROZEN = "sku_frozen"
    SALE_NOT_OPEN = "sale_not_open"
    SALE_CLOSED = "sale_closed"
    BUYER_BLOCKED = "buyer_blocked"
    TICKET_REQUIRED = "ticket_required"
    TICKET_INVALID = "ticket_invalid"
    TICKET_EXPIRED = "ticket_expired"
    TICKET_USED = "ticket_used"
    ACCOUNT_TOO_NEW = "account_too_new"
    TOO_FAST = "too_fast"
    ADDRESS_SHARED = "address_shared"
    PURCHASE_LIMIT_EXCEEDED = "purchase_limit_exceeded"
    EXPOSURE_LIMIT_REACHED = "exposure_limit_reached"
    SPEED_BREAKER_TRIPPED = "speed_breaker_tripped"

    ACCOUNTS_MUST_DIFFER = "accounts_must_differ"
    TRANSFER_NOT_ALLOWED = "transfer_not_allowed"
    SKU_IS_BUNDLE = "sku_is_bundle"
    SKU_IS_COMPONENT = "sku_is_component"
    SKU_HAS_STOCK = "sku_has_stock"
    UNKNOWN_COMPONENT = "unknown_component"
    COMPONENT_IS_BUNDLE = "component_is_bundle"

    INSUFFICIENT_AVAILABLE = "insufficient_available"
    BALANCE_LIMIT_EXCEEDED = "balance_limit_exceeded"
    QUEUED = "queued"


SUCCESSES = frozenset(
    {
        ResultCode.PLACED,
        ResultCode.CONFIRMED,
        ResultCode.RELEASED,
        ResultCode.EXPIRED,
        ResultCode.POSTED,
        ResultCode.SAVED,
        ResultCode.UNCHANGED,
        ResultCode.NOT_DUE,
    }
)
"""Codes that mean the command did what it asked for, or had nothing to do."""
