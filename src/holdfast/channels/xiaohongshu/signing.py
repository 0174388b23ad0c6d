"""Xiaohongshu's signature: it covers the four system values, never the body."""

import hashlib


def signature(secret: str, method: str, app_id: str, timestamp: str, version: str) -> str:
    """MD5 in small letters."""
    text = f"{method}?appId={app_id}&timestamp={timestamp}&version={version}{secret}"
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324  the platform's choice
