"""Trying a connection: a call that changes nothing, and what is wrong in words an operator can act on."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from holdfast.channels.adapter import Adapter
from holdfast.channels.errors import (
    CallRefused,
    ChannelError,
    ListingRefused,
    NotAuthorized,
    SignatureRefused,
    Throttled,
    TokenExpired,
    Unavailable,
    UnknownOutcome,
)
from holdfast.channels.orders import ListingRef
from holdfast.storage.records import ListingRow

SPAN_US = 60_000_000
"""How far back the orders are asked for."""
TIMEOUT_S = 20.0

_ADVICE: dict[type[ChannelError], tuple[str, str]] = {
    SignatureRefused: (
        "the platform takes our signature for wrong: compare app key and app secret with the platform's "
        "developer console, and this machine's clock with the real time",
        "平台认为签名错误：请核对开放平台后台的 App Key 与 App Secret，并检查本机时间是否准确",
    ),
    TokenExpired: (
        "the access token is no longer taken: authorize the app for the shop again and give the new tokens",
        "访问令牌已失效：请在店铺后台重新授权应用，并填入新的令牌",
    ),
    NotAuthorized: (
        "the shop does not let the app do this: authorize it for the shop, and apply for the permissions of "
        "stock and orders",
        "店铺未授权：请为店铺授权该应用，并申请库存与订单接口权限",
    ),
    Throttled: (
        "the platform answers, but takes no more calls for now; wait a minute, or lower `rate_per_s`",
        "平台有响应，但调用过于频繁：请稍后再试，或调低 rate_per_s",
    ),
    Unavailable: (
        "the platform was not reached: check base_url, the network and the firewall",
        "无法连接平台：请检查 base_url、网络与防火墙",
    ),
    UnknownOutcome: (
        "the platform did not answer in time or not in a way we can read: check base_url, then try again",
        "平台未按时响应或响应无法识别：请检查 base_url 后重试",
    ),
    ListingRefused: (
        "the connection works, but the platform does not know a listing: look at its product and variant",
        "连接正常，但平台找不到某个商品：请核对商品链接的商品 ID 与规格 ID",
    ),
    CallRefused: (
        "the platform refuses the call: see its own words, and check `shop` and the app's permissions",
        "平台拒绝了调用：请查看平台返回的信息，并核对 shop 与应用权限",
    ),
}
_OTHER = ("the call did not succeed", "调用未成功")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check came to."""

    ok: bool
    code: str
    message: str
    message_zh: str
    vendor_code: str = ""
    took_ms: int = 0

    @classmethod
    def not_running(cls, why: str) -> "Finding":
        """There is a connection on file, but no adapter could be made of it."""
        return cls(False, "not_running", f"the connection cannot be used: {why}", f"连接无法使用：{why}")


async def check(adapter: Adapter, listings: Sequence[ListingRow], now_us: Callable[[], int]) -> Finding:
    """Ask for the orders of the last minute and, where one is mapped, for the counter of a listing."""
    started = perf_counter()
    try:
        async with asyncio.timeout(TIMEOUT_S):
            asked = await _ask(adapter, listings, now_us())
    except ChannelError as error:
        english, chinese = _ADVICE.get(type(error), _OTHER)
        took_ms = round((perf_counter() - started) * 1000)
        return Finding(
            False, error.code, f"{english} ({error})", f"{chinese}（{error}）", error.vendor_code, took_ms
        )
    except TimeoutError:
        english, chinese = _ADVICE[UnknownOutcome]
        return Finding(False, UnknownOutcome.code, english, chinese, "", round(TIMEOUT_S * 1000))
    took_ms = round((perf_counter() - started) * 1000)
    if not asked:
        return Finding(
            True,
            "nothing_to_ask",
            "the platform has nothing that could be asked without a listing: map one and try again",
            "该平台暂无可试探的接口：请先映射一个商品链接再检查",
        )
    return Finding(True, "ok", f"the platform answers: {asked}", f"平台连接正常（{asked}）", "", took_ms)


async def _ask(adapter: Adapter, listings: Sequence[ListingRow], now_us: int) -> str:
    asked = []
    if adapter.manifest.poll:
        await adapter.orders_changed(now_us - SPAN_US, now_us, None)
        asked.append("orders 订单")
    if adapter.manifest.read_back and listings:
        first = listings[0]
        await adapter.read_stock([ListingRef(first.product, first.variant, first.warehouse)])
        asked.append(f"stock of {first.listing} 库存")
    return ", ".join(asked)
