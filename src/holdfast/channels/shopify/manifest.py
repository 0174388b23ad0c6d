"""What Shopify can do with stock."""

from ..manifest import Deducts, GivesBack, Manifest, PushMode, RateCap, UnderRun, WriteMode

MANIFEST = Manifest(
    platform="shopify",
    title="Shopify",
    title_zh="Shopify",
    write=WriteMode.COMPARE_AND_SET,
    under_run=UnderRun.NEGATIVE,
    idempotent=True,
    can_shrink=True,
    read_back=True,
    write_tells_counter=True,
    lines_per_write_max=1,
    # A change costs about 10 points of the standard plan's 100 a second.
    rate=RateCap(per_s=8.0, burst=40.0),
    deducts=Deducts.ON_ORDER,
    gives_back_on_cancel=GivesBack.UNKNOWN,
    gives_back_on_refund=GivesBack.UNKNOWN,
    push=PushMode.WEBHOOK,
    push_carries_order=False,
    poll=True,
    poll_window_max_s=30 * 86_400.0,
    poll_page_max=50,
    acknowledge_within_s=5.0,
    uncertain=(
        "that available may fall below zero follows from the list of error codes, no page says it",
        "whether a cancelled or refunded order gives back is the seller's choice each time",
        "cost of a call in points",
        "the counter told by a repeat of a write is the one after its first time",
        "form of the order webhooks' bodies; only the order's id is read from them",
    ),
)

SETTINGS = ("api_version", "location_id", "reason", "push_age_max_s")
