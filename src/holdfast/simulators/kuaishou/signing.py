"""Kuaishou's signature of calls and encryption of pushes."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SIGNED = ("access_token", "appkey", "method", "param", "signMethod", "timestamp", "version")
_BLOCK = 16


def sign(parameters: Mapping[str, str], sign_secret: str) -> str:
    """The signature by the parameters' own `signMethod`: MD5 in hexadecimal, HMAC in base64."""
    text = "&".join(f"{name}={parameters[name]}" for name in SIGNED) + f"&signSecret={sign_secret}"
    if parameters["signMethod"] == "MD5":
        return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - the platform's choice
    digest = hmac.new(sign_secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def encrypt(plain: bytes, message_secret: str) -> bytes:
    """The body of a push: base64 of AES-CBC with an IV of zeros."""
    missing = _BLOCK - len(plain) % _BLOCK
    padded = plain + bytes([missing]) * missing
    cipher = Cipher(algorithms.AES(base64.b64decode(message_secret)), modes.CBC(bytes(_BLOCK)))
    encryptor = cipher.encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize())
