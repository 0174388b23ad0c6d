"""What Douyin's shop platform can do with stock."""

from ..manifest import Deducts, GivesBack, Manifest, PushMode, RateCap, UnderRun, WriteMode

MANIFEST = Manifest(
    platform="douyin",
    title="Douyin shop",
    title_zh="抖店",
    write=WriteMode.RELATIVE,
    under_run=UnderRun.REFUSES,
    idempotent=True,
    can_shrink=True,
    read_back=True,
    write_tells_counter=False,
    lines_per_write_max=1,
    rate=RateCap(per_s=20.0, burst=20.0),
    deducts=Deducts.PER_LINE,
    gives_back_on_cancel=GivesBack.UNKNOWN,
    gives_back_on_refund=GivesBack.UNKNOWN,
    push=PushMode.WEBHOOK,
    push_carries_order=False,
    poll=True,
    poll_window_max_s=90 * 86_400.0,
    poll_page_max=100,
    acknowledge_within_s=5.0,
    base_url="https://openapi-fxg.jinritemai.com",
    uncertain=(
        "calls a second of each interface",
        "when units of an unpaid order come back to the counter",
        "whether a refund puts units back",
        "the code of a refused subtraction by sku.syncStock (known by its text)",
        "when a push is sent again",
        "whether a push is old: it carries no time that is signed for that",
    ),
)

SETTINGS = ("stock_method", "sellable_field", "regional_stock", "sign_method")
