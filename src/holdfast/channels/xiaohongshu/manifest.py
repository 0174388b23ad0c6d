"""What Xiaohongshu can do with stock."""

from ..manifest import Deducts, GivesBack, Manifest, PushMode, RateCap, UnderRun, WriteMode

MANIFEST = Manifest(
    platform="xiaohongshu",
    title="Xiaohongshu",
    title_zh="小红书",
    write=WriteMode.RELATIVE,
    under_run=UnderRun.UNKNOWN,
    idempotent=False,
    can_shrink=True,
    read_back=True,
    write_tells_counter=True,
    lines_per_write_max=1,
    rate=RateCap(per_s=5.0, burst=5.0),
    deducts=Deducts.UNKNOWN,
    gives_back_on_cancel=GivesBack.UNKNOWN,
    gives_back_on_refund=GivesBack.UNKNOWN,
    push=PushMode.WEBHOOK,
    push_carries_order=False,
    poll=True,
    poll_every_s=10.0,
    poll_window_max_s=1_800.0,
    # The list has no lines: each order of a page costs a call of its own.
    poll_page_max=20,
    acknowledge_within_s=3.0,
    base_url="https://ark.xiaohongshu.com",
    secrets=("push_key",),
    uncertain=(
        "when stock is taken and given back",
        "what a subtraction beyond the counter does",
        "pushes are not signed: they are hints to fetch, and a setting can hide the address behind a key",
        "nothing is pushed for an unpaid order, nor when an after-sale changes: the poll finds these",
        "error codes are not published; those for token, limit and shortage are settings",
        "page size and calls a second are guesses",
        "after-sales: their statuses are from the public API list, not tried against the platform",
    ),
)

SETTINGS = (
    "codes_token_expired",
    "codes_not_authorized",
    "codes_signature",
    "codes_throttled",
    "codes_shortage",
    "codes_listing",
    "codes_busy",
)
