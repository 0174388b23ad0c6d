"""Signatures of Douyin shop: of calls, over canonical JSON, and of pushes, over raw bytes."""

import hashlib
import hmac
import json
from typing import Any

ALGORITHMS = ("hmac-sha256", "md5")


def parse(text: str) -> Any:
    """JSON as the platform reads it: integers exact, and a float without a fraction is an integer."""
    return json.loads(text, parse_float=_number)


def canonical(value: Any) -> str:
    """Compact JSON, keys in order of code points at every depth, nothing escaped that need not be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sign(secret: str, app_key: str, method: str, param_json: str, timestamp: str, algorithm: str) -> str:
    """The signature of a call."""
    text = f"app_key{app_key}method{method}param_json{param_json}timestamp{timestamp}v2"
    wrapped = f"{secret}{text}{secret}".encode()
    if algorithm == "md5":
        return hashlib.md5(wrapped).hexdigest()  # noqa: S324 - the platform's choice
    return hmac.new(secret.encode(), wrapped, hashlib.sha256).hexdigest()


def event_sign(secret: str, app_key: str, body: bytes) -> str:
    """The signature of a push."""
    return hashlib.md5(app_key.encode() + body + secret.encode()).hexdigest()  # noqa: S324 - as above


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() else number
