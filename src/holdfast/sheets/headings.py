"""Which column means what: headings in Chinese and English with their usual synonyms."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from .problems import Language, SheetProblem, problem


class Field(StrEnum):
    """The columns of an item sheet, channels apart."""

    SKU = "sku"
    NAME = "name"
    VARIANT = "variant"
    PRICE = "price"
    COST = "cost"
    STOCK = "stock"
    LIMIT_PERIOD = "limit_period"
    LIMIT_PER_ORDER = "limit_per_order"
    LIMIT_PER_BUYER = "limit_per_buyer"
    LIMIT_PER_BUYER_ACROSS_CHANNELS = "limit_per_buyer_across_channels"
    IMAGE = "image"


# The first Chinese and the first English name of each are the ones that an export writes.
SYNONYMS: dict[Field, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Field.SKU: (
        (
            "商品编码", "货号", "商家编码", "商品货号", "规格编码", "商品代码", "款号", "编码", "SKU编码",
            "商家SKU", "SKUID", "商家编码SKU维度", "商品SKU",
        ),
        ("sku", "sku code", "item code", "item", "code", "article", "seller sku", "merchant sku"),
    ),
    Field.NAME: (
        ("商品名称", "名称", "品名", "商品名", "商品标题", "宝贝标题", "标题"),
        ("name", "title", "product name", "item name", "description"),
    ),
    Field.VARIANT: (
        ("规格", "规格名称", "商品规格", "销售属性", "颜色分类", "款式", "型号"),
        ("variant", "specification", "spec", "option", "variation"),
    ),
    Field.PRICE: (
        ("售价", "价格", "销售价", "单价", "直播价", "零售价", "商品价格", "一口价"),
        ("price", "unit price", "sale price", "selling price"),
    ),
    Field.COST: (
        ("成本", "成本价", "进价", "采购价", "进货价"),
        ("cost", "unit cost", "cost price", "purchase price"),
    ),
    Field.STOCK: (
        ("库存", "数量", "现货", "在库", "库存数量", "总库存", "现货库存", "可用库存", "商品数量"),
        ("stock", "quantity", "qty", "on hand", "inventory", "units"),
    ),
    Field.LIMIT_PERIOD: (("限购周期", "限购场次", "场次"), ("limit period", "period", "show")),
    Field.LIMIT_PER_ORDER: (
        ("每单限购", "单次限购", "每单限购数量", "每笔限购"),
        ("limit per order", "per order", "max per order"),
    ),
    Field.LIMIT_PER_BUYER: (
        ("每人限购", "限购", "限购数量", "每人限购数量", "单人限购"),
        ("limit per buyer", "per buyer", "max per buyer", "limit", "purchase limit"),
    ),
    Field.LIMIT_PER_BUYER_ACROSS_CHANNELS: (
        ("全渠道每人限购", "跨渠道每人限购"),
        ("limit per buyer across channels", "per buyer across channels"),
    ),
    Field.IMAGE: (
        ("图片", "商品图片", "主图", "商品主图", "图片链接", "图片地址", "图片网址", "主图链接", "主图地址"),
        ("image", "picture", "photo", "image url", "picture url", "image link", "main image", "image src"),
    ),
}  # fmt: skip

CHANNEL_PREFIX = {"zh": "渠道:", "en": "channel:"}
_CHANNEL = re.compile(r"^\s*(?:渠道|渠道配额|配额|channel|allocation)\s*:\s*(.*?)\s*$", re.IGNORECASE)
_NOISE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[\s_*\-./]")


def normal(heading: str) -> str:
    """Full and half width, case, spaces, units in brackets and asterisks do not matter."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", heading)).casefold()


_FIELDS = {normal(name): field for field, both in SYNONYMS.items() for names in both for name in names}
_SHOWN = {normal(name): name for both in SYNONYMS.values() for names in both for name in names}


def heading(field: Field, language: Language) -> str:
    """What an export calls the column."""
    chinese, english = SYNONYMS[field]
    return chinese[0] if language == "zh" else english[0].replace(" ", "_")


def field_of(text: str) -> Field | None:
    """The field that a heading means."""
    return _FIELDS.get(normal(text))


def channel_of(text: str) -> str | None:
    """The channel that a heading such as `渠道:douyin` means; empty when its name is missing."""
    found = _CHANNEL.match(unicodedata.normalize("NFKC", text))
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field and each channel stands; indexes count from 0."""

    fields: dict[Field, int]
    channels: dict[str, int]
    titles: tuple[str, ...]


def is_heading_row(cells: Sequence[str]) -> bool:
    """Whether this looks like the row of headings, not a title or a note above it."""
    fields = {field_of(cell) for cell in cells if cell}
    return Field.SKU in fields


def map_columns(titles: Sequence[str], row: int) -> tuple[Columns, list[SheetProblem], list[SheetProblem]]:
    """The columns, the errors and the warnings of a row of headings."""
    columns = Columns({}, {}, tuple(titles))
    errors: list[SheetProblem] = []
    warnings: list[SheetProblem] = []
    seen: dict[Field | str, str] = {}
    for index, title in enumerate(titles):
        channel = channel_of(title)
        key: Field | str | None = f"channel:{channel.casefold()}" if channel else field_of(title)
        if key is None:
            warnings += _ignored(title, row)
        elif key in seen:
            errors.append(problem("column_twice", row, title, other=seen[key]))
        else:
            seen[key] = title
            if isinstance(key, Field):
                columns.fields[key] = index
            elif channel:
                columns.channels[channel] = index
    if Field.SKU not in columns.fields:
        found = ", ".join(title for title in titles if title)
        errors.append(problem("missing_column", row, name="商品编码 / sku", found=found[:300]))
    return columns, errors, warnings


def _ignored(title: str, row: int) -> list[SheetProblem]:
    if not title:
        return []
    near = get_close_matches(normal(title), _SHOWN, n=1, cutoff=0.6)
    nearest = f" (“{_SHOWN[near[0]]}”?)" if near else ""
    return [problem("unknown_column", row, title, nearest=nearest)]
