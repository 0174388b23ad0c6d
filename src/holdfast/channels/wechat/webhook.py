"""WeChat's pushes: signed and encrypted; in plain mode nothing vouches for the content, so it is refused."""

import base64
import binascii
import hashlib
import struct
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from ..adapter import Connection
from ..errors import PushRefused
from ..orders import Acknowledgement, Push, PushEvent, PushKind
from ..settings import whole
from ..values import digest, identity, json_object, number, same_text, seconds_us
from .mapping import EVENTS

PUSH_AGE_MAX_S = 14_400  # the last of the ten deliveries comes about 3.6 hours after the first
_BLOCK = 32
_RANDOM = 16
_HEADER = _RANDOM + 4
SUCCESS = Acknowledgement(b"success", "text/plain")


def signature(*parts: str) -> str:
    """SHA-1 of the sorted parts, in hexadecimal."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324  the platform's choice


def decrypted(encrypted: str, aes_key: str, app_key: str) -> bytes:
    """The message inside `Encrypt`; raises `PushRefused` where it is none, or is for another app."""
    try:
        key = base64.b64decode(aes_key + "=")
        sealed = base64.b64decode(encrypted, validate=True)
        opener = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        padded = opener.update(sealed) + opener.finalize()
        padding = padded[-1]
        if not 1 <= padding <= _BLOCK or padded[-padding:] != bytes([padding]) * padding:
            raise ValueError("padding")
        plain = padded[:-padding]
        (length,) = struct.unpack(">I", plain[_RANDOM:_HEADER])
    except (ValueError, IndexError, binascii.Error, struct.error):
        raise PushRefused("malformed", "The push cannot be decrypted with this shop's key.") from None
    if len(plain) < _HEADER + length:
        raise PushRefused("malformed", "The decrypted push is cut short.")
    message, owner = plain[_HEADER : _HEADER + length], plain[_HEADER + length :]
    if owner != app_key.encode():
        raise PushRefused("not_for_us", "The push is for another app.")
    return message


class Webhook:
    """Verifies and reads the pushes of one shop."""

    def __init__(self, connection: Connection) -> None:
        self._app_key = connection.app_key
        self._token = connection.secrets.get("callback_token", "")
        self._aes_key = connection.secrets.get("encoding_aes_key", "")
        self._age_max_s = whole(connection.settings, "push_age_max_s", PUSH_AGE_MAX_S)

    def receive(self, query: Mapping[str, str], body: bytes, now_us: int) -> Push:
        """The one event of an encrypted push."""
        try:
            encrypted = str(json_object(body)["Encrypt"])
        except (ValueError, KeyError):
            raise PushRefused(
                "malformed", "This is no encrypted JSON push; choose 安全模式 and JSON in the console."
            ) from None
        self._check(query.get("msg_signature", ""), query, encrypted)
        if abs(now_us - number(query["timestamp"]) * 1_000_000) > self._age_max_s * 1_000_000:
            raise PushRefused("stale", "The push is older than any delivery of this platform.")
        message = decrypted(encrypted, self._aes_key, self._app_key)
        try:
            return Push((_event(message),), SUCCESS)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise PushRefused("malformed", "The push is no event of WeChat's.") from None

    def answer_check(self, query: Mapping[str, str]) -> Acknowledgement:
        """The echo that WeChat wants when it checks our address."""
        self._check(query.get("signature", ""), query)
        return Acknowledgement(query.get("echostr", "").encode(), "text/plain")

    def _check(self, told: str, query: Mapping[str, str], *more: str) -> None:
        right = signature(self._token, query.get("timestamp", ""), query.get("nonce", ""), *more)
        if not self._token or not query.get("timestamp", "").isdecimal() or not same_text(right, told):
            raise PushRefused("signature", "The push is not signed with this shop's token.")


def _event(message: bytes) -> PushEvent:
    content: dict[str, Any] = json_object(message)
    name = str(content["Event"])
    kind = EVENTS.get(name, PushKind.OTHER)
    about = content.get("order_info") or content.get("finder_shop_aftersale_status_update") or {}
    return PushEvent(
        # WeChat gives no id: the same words of the same second are the same message.
        event=digest(message.decode()),
        kind=kind,
        order=identity(about["order_id"]) if kind is not PushKind.OTHER else "",
        event_at_us=seconds_us(content.get("CreateTime")),
    )
