"""TikTok Shop's error codes, as far as the facts name them (6.5), and the envelope of every answer."""

from typing import Any

import msgspec


class Code:
    """`code` of an answer; those marked as ours are in no source, so an adapter must not know them."""

    OK = 0
    TOKEN_SHOP_MISMATCH = 101000
    TOKEN_UNKNOWN = 105001
    """Ours."""
    TOKEN_EXPIRED = 105002
    SIGN = 106001
    SHOP_CIPHER_MISSING = 106013
    LIMITED = 36009002
    INTERNAL = 36009003
    WRONG_ARGUMENT = 36009004
    """Has several meanings; here also a timestamp outside the window."""
    PRODUCT_MISSING = 12052048
    """Ours."""
    SKU_MISSING = 12052049
    """Ours; of one SKU."""
    PRODUCT_STATE = 12052050
    """Ours."""
    WAREHOUSE_MISSING = 12052097
    """Of one SKU, under a code of 0."""
    TOO_MANY = 12052109


class Refused(Exception):
    """An answer other than 0; `status` is HTTP's."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def object_in(body: bytes) -> dict[str, Any]:
    """The JSON object of a body."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Refused(Code.WRONG_ARGUMENT, f"the body is no JSON object: {error}") from error


def number_in(values: dict[str, Any], name: str, default: int) -> int:
    """A whole number of a body, which is 0 or more."""
    value = values.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refused(Code.WRONG_ARGUMENT, f"{name} is a whole number, 0 or more")
    return value


def texts_in(values: dict[str, Any], name: str, most: int) -> list[str]:
    """A list of ids as text, empty when it is not given."""
    found = values.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise Refused(Code.WRONG_ARGUMENT, f"{name} is a list of text")
    if len(found) > most:
        raise Refused(Code.TOO_MANY, f"{name} has at most {most} entries")
    return found
