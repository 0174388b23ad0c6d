"""Pinduoduo's request signature, on the platform's side (facts 8)."""

import hashlib
import json
from collections.abc import Mapping

CLOCK_OFF_S_MAX = 600


def signed_text(value: object) -> str:
    """A parameter as it stands in the signed text: text as it is, everything else as compact JSON.

    How nested values are serialized is not documented; SDKs send them as JSON text, which is then text.
    """
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def request_signature(secret: str, parameters: Mapping[str, object]) -> str:
    """What `sign` has to be: sorted names and values between two secrets, MD5 in capitals."""
    joined = "".join(name + signed_text(parameters[name]) for name in sorted(parameters) if name != "sign")
    wrapped = f"{secret}{joined}{secret}".encode()
    return hashlib.md5(wrapped, usedforsecurity=False).hexdigest().upper()
