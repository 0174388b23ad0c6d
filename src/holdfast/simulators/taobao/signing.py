"""Signatures of the TOP gateway."""

import hashlib
import hmac
from collections.abc import Mapping

METHODS = ("md5", "hmac", "hmac-sha256")


def sign(parameters: Mapping[str, str], secret: str) -> str:
    """The signature over all parameters but `sign`, by their own `sign_method`, in capitals."""
    text = "".join(f"{name}{parameters[name]}" for name in sorted(parameters) if name != "sign")
    method = parameters.get("sign_method", "md5")
    if method == "md5":
        wrapped = f"{secret}{text}{secret}".encode()
        return hashlib.md5(wrapped).hexdigest().upper()  # noqa: S324 - the platform's choice
    digest = hashlib.md5 if method == "hmac" else hashlib.sha256
    return hmac.new(secret.encode(), text.encode(), digest).hexdigest().upper()
