"""TikTok's two signatures."""

import hashlib
import hmac
from collections.abc import Mapping

_UNSIGNED = ("sign", "access_token")


def call_signature(secret: str, path: str, query: Mapping[str, str], body: bytes = b"") -> str:
    """Signs a call: path, sorted query and, for a POST, the raw body, wrapped in the secret."""
    pairs = "".join(name + query[name] for name in sorted(query) if name not in _UNSIGNED)
    key = secret.encode()
    return hmac.new(key, key + (path + pairs).encode() + body + key, hashlib.sha256).hexdigest()


def push_signature(app_key: str, secret: str, body: bytes) -> str:
    """Signs a push: app key and raw body."""
    return hmac.new(secret.encode(), app_key.encode() + body, hashlib.sha256).hexdigest()
