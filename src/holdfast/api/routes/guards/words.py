"""One sentence for each cause, in Chinese and English, with the facts filled in."""

from collections import defaultdict

import msgspec

from holdfast.ledger.records import Detail

_WORDS: dict[str, tuple[str, str]] = {
    "unknown_channel": ("渠道 {channel} 不存在", "there is no channel {channel}"),
    "unknown_sku": ("商品 {sku} 不存在", "there is no item {sku}"),
    "channel_frozen": ("渠道 {channel} 已冻结，暂停接单", "the channel {channel} is frozen"),
    "sku_frozen": ("商品 {sku} 已冻结，暂停销售", "the item {sku} is frozen"),
    "sale_not_open": ("商品 {sku} 尚未开售", "the sale of {sku} has not opened"),
    "sale_closed": ("商品 {sku} 已停售", "the sale of {sku} has closed"),
    "buyer_blocked": ("该{by}在黑名单中", "the {by} is on the list of the blocked"),
    "ticket_required": ("{sku} 需凭入场券购买（入场口 {gate}）", "{sku} needs a ticket of the gate {gate}"),
    "ticket_invalid": (
        "入场券无效：{reason}（伪造、他场或他人的券）",
        "the ticket is not good: {reason}",
    ),
    "ticket_expired": ("入场券已过期", "the ticket's time is over"),
    "ticket_used": ("入场券已使用过，一券一单", "the ticket was used before: one ticket, one order"),
    "account_too_new": (
        "账号注册仅 {age_s} 秒，需满 {allowed_s} 秒",
        "the account is {age_s} s old and has to be {allowed_s} s",
    ),
    "too_fast": (
        "下单过快（{limit}）：窗口内最多 {allowed}，已有 {taken}，本次 {asked}",
        "too fast ({limit}): at most {allowed} in the window, {taken} taken, {asked} asked",
    ),
    "address_shared": (
        "同一收货地址最多 {allowed} 位买家，已有 {taken} 位",
        "an address may serve {allowed} buyers and has served {taken}",
    ),
    "purchase_limit_exceeded": (
        "超出限购（{limit}）：最多 {allowed}，已购 {taken}，本次 {asked}",
        "over the purchase limit ({limit}): at most {allowed}, {taken} taken, {asked} asked",
    ),
    "exposure_limit_reached": (
        "商品 {sku} 已达风险敞口上限（{limit}）：上限 {allowed}，已有 {taken}",
        "{sku} has reached its exposure limit ({limit}): {taken} of {allowed}",
    ),
    "speed_breaker_tripped": (
        "商品 {sku} 触发销售熔断：窗口内最多 {allowed} 件，已有 {taken} 件",
        "{sku} sells faster than its breaker allows: {taken} of {allowed} units in the window",
    ),
    "insufficient_available": (
        "可售不足：{sku} 可售 {available} 件，本次 {asked} 件",
        "not enough of {sku}: {available} available, {asked} asked",
    ),
}


_KINDS_ZH = {"buyer": "买家", "device": "设备", "address": "地址", "payment": "支付账户"}
_LIMITS = {
    "per_buyer": ("同一买家", "one buyer"),
    "per_device": ("同一设备", "one device"),
    "per_address": ("同一地址", "one address"),
    "per_payment": ("同一支付账户", "one payment account"),
    "per_order": ("每单", "one order"),
    "per_buyer_across_channels": ("全渠道每人", "one buyer over all channels"),
    "units_max": ("件数", "units"),
    "loss_cents_max": ("亏损", "loss"),
}
_MONEY = ("allowed", "taken", "asked")
CENTS = 100


class Sentence(msgspec.Struct):
    """What support can say."""

    zh: str
    en: str


def sentence(code: str, facts: Detail) -> Sentence:
    """The cause in words; a code without words of its own is told as it is."""
    zh, en = _WORDS.get(code, (code, code.replace("_", " ")))
    known: dict[str, str | int] = dict(facts)
    if facts.get("limit") == "loss_cents_max":
        known.update({name: f"¥{int(facts[name]) / CENTS:.2f}" for name in _MONEY if name in facts})
    # A refusal from before lists had devices and addresses names nothing: it was the buyer.
    by, limit = str(facts.get("by", "buyer")), str(facts.get("limit", "?"))
    limit_zh, limit_en = _LIMITS.get(limit, (limit, limit))
    in_chinese = {**known, "by": _KINDS_ZH.get(by, by), "limit": limit_zh}
    in_english = {**known, "by": by, "limit": limit_en}
    return Sentence(
        zh.format_map(defaultdict(lambda: "?", in_chinese)),
        en.format_map(defaultdict(lambda: "?", in_english)),
    )
