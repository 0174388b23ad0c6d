"""What Taobao and Tmall can do with stock."""

from ..manifest import Deducts, GivesBack, Manifest, PushMode, RateCap, UnderRun, WriteMode

MANIFEST = Manifest(
    platform="taobao",
    title="Taobao / Tmall",
    title_zh="淘宝/天猫",
    write=WriteMode.RELATIVE,
    under_run=UnderRun.REFUSES,
    idempotent=False,
    can_shrink=True,
    read_back=True,
    write_tells_counter=True,
    lines_per_write_max=1,
    rate=RateCap(per_s=20.0, burst=20.0),
    deducts=Deducts.PER_LINE,
    gives_back_on_cancel=GivesBack.UNKNOWN,
    gives_back_on_refund=GivesBack.UNKNOWN,
    push=PushMode.PULL,
    push_carries_order=False,
    poll=True,
    poll_lag_s=3.0,
    poll_window_max_s=86_400.0,
    poll_page_max=100,
    base_url="https://eco.taobao.com/router/rest",
    uncertain=(
        "whether a closed or refunded order puts units back",
        "the code of a refused subtraction (known by its text)",
        "what tmall.item.quantity.update does below zero",
        "how many units of a line a refund gives up (taken for all of them)",
        "how long tokens live: they say so themselves",
    ),
)

SETTINGS = (
    "stock_method",
    "sign_method",
    "gateway_url",
    "token_url",
    "group_name",
    "short_words",
    "line_refunds",
)
