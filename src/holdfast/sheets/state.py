"""What the server has now, as far as a sheet can change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MAIN_LOCATION = "main"
ITEM_KEYS = (
    "name",
    "variant",
    "price_cents",
    "cost_cents",
    "frozen",
    "sale_opens_at",
    "sale_closes_at",
    "limits",
    "components",
    "guard",
    "image_url",
)


@dataclass(frozen=True, slots=True)
class Balance:
    """Units on an account, and how many of them open holds have."""

    posted: int = 0
    held: int = 0

    @property
    def free(self) -> int:
        """What can be moved away."""
        return self.posted - self.held


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item: its whole description as the API gives it, and its stock as of `version`."""

    sku: str
    document: Mapping[str, Any]
    on_hand: int = 0
    unallocated: Balance = Balance()
    channels: Mapping[str, Balance] = field(default_factory=dict)
    version: int = 0

    @property
    def is_bundle(self) -> bool:
        """It draws on other items and has no stock of its own."""
        return bool(self.document.get("components"))


@dataclass(frozen=True, slots=True)
class CurrentState:
    """Items by code, and the channels' names by code."""

    items: Mapping[str, ItemState] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)

    def channel_code(self, called: str) -> str | None:
        """A channel by its code or, where that is unique, by its name."""
        if called in self.channels:
            return called
        folded = called.casefold()
        codes = [code for code, name in self.channels.items() if folded in (code.casefold(), name.casefold())]
        return codes[0] if len(codes) == 1 else None


def state_from_documents(
    skus: Iterable[Mapping[str, Any]],
    stocks: Iterable[Mapping[str, Any]],
    channels: Iterable[Mapping[str, Any]],
) -> CurrentState:
    """Put together what `/v1/skus`, `/v1/stock` and `/v1/channels` answer."""
    by_sku = {stock["sku"]: stock for stock in stocks}
    items = {item["sku"]: _item(item, by_sku.get(item["sku"])) for item in skus}
    return CurrentState(items, {channel["channel"]: channel["name"] for channel in channels})


def _item(item: Mapping[str, Any], stock: Mapping[str, Any] | None) -> ItemState:
    document = {key: item[key] for key in ITEM_KEYS if key in item}
    if stock is None:
        return ItemState(item["sku"], document)
    unallocated = Balance()
    channels: dict[str, Balance] = {}
    for account in stock["accounts"]:
        if account.get("location", MAIN_LOCATION) != MAIN_LOCATION:
            continue
        kind, _, scope = account["account"].partition(":")
        balance = Balance(account["posted"], account["held"])
        if kind == "unallocated":
            unallocated = balance
        elif kind == "channel":
            channels[scope] = balance
    return ItemState(item["sku"], document, stock["on_hand"], unallocated, channels, stock["version"])
