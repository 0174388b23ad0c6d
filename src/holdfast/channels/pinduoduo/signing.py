"""Pinduoduo's signature."""

import hashlib
from collections.abc import Mapping


def signature(secret: str, parameters: Mapping[str, str]) -> str:
    """MD5 in capitals over the sorted parameters, the secret at both ends."""
    pairs = "".join(name + parameters[name] for name in sorted(parameters) if name != "sign")
    digest = hashlib.md5(f"{secret}{pairs}{secret}".encode())  # noqa: S324  the platform's choice
    return digest.hexdigest().upper()
