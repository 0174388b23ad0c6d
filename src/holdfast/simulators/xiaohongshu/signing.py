"""Xiaohongshu's request signature, on the platform's side: the body takes no part in it (facts 9)."""

import hashlib


def request_signature(secret: str, method: str, app_id: str, timestamp: str, version: str) -> str:
    """What `sign` has to be: MD5 in hex."""
    text = f"{method}?appId={app_id}&timestamp={timestamp}&version={version}{secret}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
