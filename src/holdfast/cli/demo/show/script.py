"""What the buyers' process must know; keys come over standard input, never on a command line."""

import msgspec

from .plan import Plan


class Checkout(msgspec.Struct, frozen=True):
    """Where a platform's buyers buy: the platform's own checkout, of which Holdfast knows nothing."""

    url: str
    product: str
    variant: str


class Script(msgspec.Struct, frozen=True):
    """The plan, the platforms' checkouts by channel, and the shop's API with a key for it."""

    plan: Plan
    checkouts: dict[str, Checkout]
    shop_url: str
    shop_key: str
    sku: str
