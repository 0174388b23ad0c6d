"""From the text in a cell to a value: codes, texts, whole numbers and prices, never through a float."""

import datetime
import re
import unicodedata
from decimal import Decimal
from enum import Enum

from holdfast.ledger.accounts import QUANTITY_MAX, SKU_PATTERN
from holdfast.ledger.records import IMAGE_URL_CHARACTERS_MAX, IMAGE_URL_PATTERN

from .problems import CellError

SKU_CHARACTERS_MAX = 64
TEXT_CHARACTERS_MAX = 200
CENTS_MAX = 10**12
EXACT_DIGITS = 15  # what Excel keeps of a number

RawCell = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta


class Cleared(Enum):
    """The cell says that there is none, which is not the same as saying nothing."""

    CLEARED = "无"


CLEARED = Cleared.CLEARED
_NONE_WORDS = {"无", "不限", "none"}
_SKU = re.compile(SKU_PATTERN)
_IMAGE_URL = re.compile(IMAGE_URL_PATTERN)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_EDGES = " \t\r\n\u00a0\u3000\u200b\u2060\ufeff"
_AS_TEXT = re.compile(r'="([^"]*)"')
_ROUNDED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_POINT_ZERO = re.compile(r"^(\d+)\.0$")
_EXCEL_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
_RISKY = re.compile(r"'*[=+\-@＝＋－＠]")
_QUOTED_RISKY = re.compile(r"'+[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_CURRENCY = re.compile(r"^(?:¥|cny|rmb)\s*|\s*(?:元|cny|rmb)$", re.IGNORECASE)
_UNIT = re.compile(r"\s*(?:件|个|盒|套|瓶|包|pcs|units?)$", re.IGNORECASE)
_NOISE = Decimal("1e-9")


def neutralise(text: str) -> str:
    """Text that a spreadsheet program would take for a formula gets an apostrophe in front."""
    return "'" + text if _RISKY.match(text) else text


def restore(text: str) -> str:
    """The opposite of `neutralise`."""
    return text[1:] if _QUOTED_RISKY.match(text) else text


def to_text(raw: RawCell | None) -> str:
    """A cell as the user sees it; Excel's `10001.0` is `10001`, and `="007"` is `007`."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return _float_text(raw)
    if isinstance(raw, datetime.datetime):
        return raw.isoformat(" ")
    text = str(raw).strip(_EDGES)
    as_text = _AS_TEXT.fullmatch(text)
    return as_text[1].strip(_EDGES) if as_text else text


def _float_text(number: float) -> str:
    if number.is_integer() and abs(number) < 10**EXACT_DIGITS:
        return str(int(number))
    exact = Decimal(repr(number))
    return f"{exact:f}" if -EXACT_DIGITS < exact.adjusted() < EXACT_DIGITS else f"{exact.normalize():E}"


def read_code(text: str) -> str:
    """An item's code; `10001.0` is what programs make of the number 10001, not another code."""
    code = _POINT_ZERO.sub(r"\1", _plain(text, SKU_CHARACTERS_MAX))
    if _ROUNDED.fullmatch(code):
        raise CellError("rounded_code")
    if not _SKU.fullmatch(code):
        raise CellError("bad_code")
    return code


def read_text(text: str) -> str:
    """A name or a variant."""
    return _plain(text, TEXT_CHARACTERS_MAX)


def read_image_url(text: str) -> str | Cleared:
    """The address of a picture; one that was put into the cell itself cannot be read."""
    if _says_none(text):
        return CLEARED
    url = _plain(text, IMAGE_URL_CHARACTERS_MAX)
    if not _IMAGE_URL.fullmatch(url):
        raise CellError("bad_image_url")
    return url


def _plain(text: str, limit: int) -> str:
    text = restore(text)
    control = _CONTROL.search(text)
    if control:
        raise CellError("control_character", shown=f"U+{ord(control[0]):04X}")
    if _EXCEL_ERROR.fullmatch(text):
        raise CellError("excel_error")
    if len(text) > limit:
        raise CellError("too_long", limit=limit)
    return text


def read_cents(text: str) -> int | Cleared:
    """A price such as `¥1,299.90`, in cents."""
    if _says_none(text):
        return CLEARED
    cents = _number(_CURRENCY.sub("", _half_width(text))) * 100
    if cents < 0:
        raise CellError("negative")
    rounded = cents.to_integral_value()
    if abs(cents - rounded) > _NOISE:
        raise CellError("fraction_of_cent")
    if rounded > CENTS_MAX:
        raise CellError("too_large", limit=CENTS_MAX // 100)
    return int(rounded)


def read_quantity(text: str) -> int:
    """A number of units, 0 or more."""
    number = _number(_UNIT.sub("", _half_width(text)))
    if number < 0:
        raise CellError("negative")
    if number != number.to_integral_value():
        raise CellError("not_whole")
    if number > QUANTITY_MAX:
        raise CellError("too_large", limit=QUANTITY_MAX)
    return int(number)


def read_limit(text: str) -> int | Cleared:
    """A purchase limit, 1 or more."""
    if _says_none(text):
        return CLEARED
    number = read_quantity(text)
    if number < 1:
        raise CellError("below_one")
    return number


def _says_none(text: str) -> bool:
    return text.casefold() in _NONE_WORDS


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", restore(text)).strip().replace("−", "-")


def _number(text: str) -> Decimal:
    if _EXCEL_ERROR.fullmatch(text.upper()):
        raise CellError("excel_error")
    if len(text) > 40:
        raise CellError("too_long", limit=40)
    if _NUMBER.fullmatch(text) or _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    raise CellError("ambiguous_number" if re.fullmatch(r"[\d.,\s]+", text) else "not_a_number")
