"""What Pinduoduo can do with stock."""

from ..manifest import Deducts, GivesBack, Manifest, PushMode, RateCap, UnderRun, WriteMode

MANIFEST = Manifest(
    platform="pinduoduo",
    title="Pinduoduo",
    title_zh="拼多多",
    write=WriteMode.RELATIVE,
    under_run=UnderRun.REFUSES,
    idempotent=False,
    can_shrink=True,
    read_back=True,
    write_tells_counter=False,
    lines_per_write_max=1,
    rate=RateCap(per_s=10.0, burst=10.0),
    deducts=Deducts.ON_PAYMENT,
    gives_back_on_cancel=GivesBack.UNKNOWN,
    gives_back_on_refund=GivesBack.UNKNOWN,
    push=PushMode.NONE,
    push_carries_order=False,
    poll=True,
    poll_every_s=10.0,
    poll_window_max_s=1_800.0,
    poll_lag_s=180.0,
    poll_page_max=100,
    base_url="https://gw-api.pinduoduo.com",
    uncertain=(
        "when stock is taken: unpaid orders are not shown, so payment is the first that can be seen",
        "whether undone orders go back on the counter",
        "the code for too little stock: recognised by the words of the refusal (setting shortage_words)",
        "how nested values enter the signature: we send none",
        "reading back: the product's detail, from the public API list, not tried against the platform",
        "its push is a WebSocket client of its own, left out here: orders come by poll only",
        "goods on promotion slots cannot be lowered",
    ),
)

SETTINGS = ("shortage_words", "refund_hours")
