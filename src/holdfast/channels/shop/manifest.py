"""Our own storefront has no counter: every sale is a hold that it asks us for."""

from ..manifest import Deducts, GivesBack, Manifest, PushMode, RateCap, UnderRun, WriteMode

MANIFEST = Manifest(
    platform="shop",
    title="Own shop",
    title_zh="自营商城",
    write=WriteMode.NONE,
    under_run=UnderRun.REFUSES,
    idempotent=True,
    can_shrink=False,
    read_back=False,
    write_tells_counter=False,
    lines_per_write_max=1,
    rate=RateCap(per_s=0.0, burst=0.0),
    deducts=Deducts.ON_ORDER,
    gives_back_on_cancel=GivesBack.NO,
    gives_back_on_refund=GivesBack.NO,
    push=PushMode.NONE,
    push_carries_order=False,
    poll=False,
)

SETTINGS: tuple[str, ...] = ()
