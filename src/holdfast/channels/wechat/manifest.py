"""What a WeChat Channels shop can do with stock."""

from ..manifest import Deducts, GivesBack, Manifest, PushMode, RateCap, UnderRun, WriteMode

MANIFEST = Manifest(
    platform="wechat",
    title="WeChat Channels shop",
    title_zh="微信小店（视频号小店）",
    write=WriteMode.RELATIVE,
    under_run=UnderRun.REFUSES,
    idempotent=False,
    can_shrink=True,
    read_back=True,
    write_tells_counter=False,
    lines_per_write_max=1,
    rate=RateCap(per_s=10.0, burst=10.0),
    deducts=Deducts.ON_ORDER,
    gives_back_on_cancel=GivesBack.YES,
    gives_back_on_refund=GivesBack.NO,
    push=PushMode.WEBHOOK,
    push_carries_order=False,
    poll=True,
    poll_window_max_s=7 * 86_400.0,
    # The list names orders only: each one of a page costs a call of its own.
    poll_page_max=20,
    acknowledge_within_s=5.0,
    base_url="https://api.weixin.qq.com",
    secrets=("callback_token", "encoding_aes_key"),
    uncertain=(
        "calls a second: no figure is published; the cap here is a guess",
        "that stock is taken when ordered follows from the rule of what is given back, no page says it",
        "whether ids are sent as JSON numbers or as text",
        "pushes are read as JSON; XML is refused",
    ),
)

SETTINGS = ("id_type", "push_age_max_s")
