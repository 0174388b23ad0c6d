"""Signatures and encryption of WeChat's callbacks, on the platform's side (facts 5.4)."""

import base64
import hashlib
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
"""WeChat pads to 32 bytes, not to the 16 of AES."""


def callback_signature(token: str, *parts: str) -> str:
    """SHA-1 in hex of the token and the parts, sorted as text and joined."""
    joined = "".join(sorted((token, *parts)))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def encrypt(message: bytes, encoding_aes_key: str, app_id: str, salt: bytes) -> str:
    """The `Encrypt` text of a message; `salt` is 16 bytes, random on the real platform."""
    assert len(salt) == 16
    key = base64.b64decode(encoding_aes_key + "=")
    plain = salt + struct.pack(">I", len(message)) + message + app_id.encode()
    fill = _BLOCK - len(plain) % _BLOCK
    encryptor = Cipher(algorithms.AES256(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()).decode()
