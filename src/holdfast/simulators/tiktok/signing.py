"""TikTok Shop's signatures, on the platform's side (facts 6.1 and 6.4)."""

import hashlib
import hmac
from collections.abc import Mapping

CLOCK_BEHIND_S_MAX = 300
CLOCK_AHEAD_S_MAX = 30


def request_signature(secret: str, method: str, path: str, query: Mapping[str, str], body: bytes) -> str:
    """What `sign` has to be: path, sorted query and raw body between two secrets, HMAC-SHA256 in hex."""
    pairs = "".join(name + query[name] for name in sorted(query) if name not in ("sign", "access_token"))
    signed = path.encode() + pairs.encode() + (b"" if method == "GET" else body)
    wrapped = secret.encode() + signed + secret.encode()
    return hmac.new(secret.encode(), wrapped, hashlib.sha256).hexdigest()


def push_signature(app_key: str, secret: str, body: bytes) -> str:
    """The `Authorization` header of a notification."""
    return hmac.new(secret.encode(), app_key.encode() + body, hashlib.sha256).hexdigest()


def clock_is_near(timestamp_s: int, now_s: float) -> bool:
    """Whether a request's timestamp is within the window of five minutes back and 30 s ahead."""
    return -CLOCK_BEHIND_S_MAX <= timestamp_s - now_s <= CLOCK_AHEAD_S_MAX
