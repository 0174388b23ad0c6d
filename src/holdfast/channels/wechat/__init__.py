"""WeChat Channels shop (微信小店, 视频号小店)."""

from .client import connect
from .manifest import MANIFEST

__all__ = ["MANIFEST", "connect"]
