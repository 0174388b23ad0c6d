"""What a list may name: buyers in plain words, and devices, addresses and payments by their hash."""

from enum import StrEnum

from holdfast.api.fields import Failed
from holdfast.api.operation import Request
from holdfast.sealing import SealingError


class ListedKind(StrEnum):
    """What of who asks is meant."""

    BUYER = "buyer"
    DEVICE = "device"
    ADDRESS = "address"
    PAYMENT = "payment"


def hashed(request: Request, kind: ListedKind, value: str) -> str:
    """The value as it is kept: a buyer's name as it is, the rest by its hash."""
    if kind is ListedKind.BUYER or not value:
        return value
    try:
        return request.holdfast.guards.office.hashed(kind, value)
    except SealingError as error:
        raise Failed("secret_key_unusable", str(error)) from error
