"""What TikTok Shop can do with stock."""

from ..manifest import Deducts, GivesBack, Manifest, PushMode, RateCap, UnderRun, WriteMode

MANIFEST = Manifest(
    platform="tiktok",
    title="TikTok Shop",
    title_zh="TikTok Shop",
    write=WriteMode.ABSOLUTE,
    under_run=UnderRun.UNKNOWN,
    idempotent=False,
    can_shrink=True,
    read_back=True,
    write_tells_counter=False,
    lines_per_write_max=1,
    rate=RateCap(per_s=0.2, burst=5.0),
    deducts=Deducts.ON_ORDER,
    gives_back_on_cancel=GivesBack.YES,
    gives_back_on_refund=GivesBack.UNKNOWN,
    push=PushMode.WEBHOOK,
    push_carries_order=False,
    poll=True,
    # An order's news comes by push; the cap leaves room for one poll in four calls.
    poll_every_s=30.0,
    base_url="https://open-api.tiktokglobalshop.com",
    uncertain=(
        "calls a second: dynamic per app and shop; the cap here is one source's advice to begin with",
        "a value written may undo a sale of the moment before; only the stock push tells",
        "longest span of a poll: not published",
        "whether the end of a token's life is an absolute time: one source; both are understood",
        "whether a refund puts units back",
    ),
)

SETTINGS = ("auth_url", "shop_cipher", "warehouse_id", "push_age_max_s")
