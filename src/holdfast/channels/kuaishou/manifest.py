"""What Kuaishou's shop platform can do with stock."""

from ..manifest import Deducts, GivesBack, Manifest, PushMode, RateCap, UnderRun, WriteMode

MANIFEST = Manifest(
    platform="kuaishou",
    title="Kuaishou shop",
    title_zh="快手小店",
    write=WriteMode.RELATIVE,
    under_run=UnderRun.REFUSES,
    idempotent=False,
    can_shrink=True,
    read_back=True,
    write_tells_counter=False,
    lines_per_write_max=1,
    rate=RateCap(per_s=50.0, burst=50.0),
    deducts=Deducts.UNKNOWN,
    gives_back_on_cancel=GivesBack.UNKNOWN,
    gives_back_on_refund=GivesBack.UNKNOWN,
    push=PushMode.WEBHOOK,
    push_carries_order=False,
    poll=True,
    poll_window_max_s=7 * 86_400.0,
    poll_page_max=50,
    acknowledge_within_s=3.0,
    base_url="https://openapi.kwaixiaodian.com",
    secrets=("sign_secret", "message_secret"),
    uncertain=(
        "whether units leave the counter with the order or with the payment",
        "whether a closed or refunded order puts units back",
        "how many units a partial refund gives up (worked out from the money)",
        "the code of an expired token (21 and 24 are taken for it)",
        "the words of open.scm.inventory.adjust",
    ),
)

SETTINGS = (
    "stock_method",
    "scm_increase",
    "scm_decrease",
    "sign_method",
    "expired_results",
    "partial_refunds",
    "push_age_max_s",
)
