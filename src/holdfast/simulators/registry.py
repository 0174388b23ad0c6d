"""The platforms that can be simulated, by name; a new one is one line here."""

from importlib import import_module
from typing import cast

from .platform import Platform

_WHERE: dict[str, str] = {
    "douyin": "douyin.platform:Douyin",
    "kuaishou": "kuaishou.platform:Kuaishou",
    "pinduoduo": "pinduoduo.platform:Pinduoduo",
    "shop": "shop.platform:Shop",
    "shopify": "shopify.platform:Shopify",
    "taobao": "taobao.platform:Taobao",
    "tiktok": "tiktok.platform:TikTok",
    "wechat": "wechat.platform:WeChat",
    "xiaohongshu": "xiaohongshu.platform:Xiaohongshu",
}


class UnknownPlatform(Exception):
    """There is no simulator of that name; the message names those that there are."""


def platforms() -> tuple[str, ...]:
    """The names, in alphabetical order."""
    return tuple(sorted(_WHERE))


def platform_named(name: str) -> type[Platform]:
    """The platform of that name, imported only now."""
    where = _WHERE.get(name)
    if where is None:
        raise UnknownPlatform(f"no simulator is called {name!r}; there are: {', '.join(platforms())}")
    module, _, kind = where.partition(":")
    return cast("type[Platform]", getattr(import_module(f".{module}", __package__), kind))
