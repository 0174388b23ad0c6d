"""Kuaishou's pushes: encrypted, and not signed besides."""

import base64
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from ..adapter import Connection
from ..errors import PushRefused
from ..orders import Acknowledgement, Push, PushEvent, PushKind
from ..settings import whole
from ..values import digest, identity, json_object, milliseconds_us
from .mapping import EVENT

ACKNOWLEDGEMENT = Acknowledgement(b'{"result":1}')
_AGE_MAX_S = 86_400  # the last attempt of a delivery comes about two hours after the first


def decrypted(message_secret: str, body: bytes) -> dict[str, Any]:
    """The message in a push; raises ValueError where it was not encrypted with this secret."""
    key = base64.b64decode(message_secret, validate=True)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
    padded = decryptor.update(base64.b64decode(body.strip(), validate=True)) + decryptor.finalize()
    unpadder = padding.PKCS7(128).unpadder()
    return json_object(unpadder.update(padded) + unpadder.finalize())


def receive(connection: Connection, body: bytes, now_us: int) -> Push:
    """Decrypt a push and read it; a message that we can read was made by one who has the secret."""
    try:
        message = decrypted(connection.secrets.get("message_secret", ""), body)
    except ValueError:
        raise PushRefused("signature", "The push is not encrypted with our message secret.") from None
    if message.get("test"):
        return Push((PushEvent(digest(body.decode()), PushKind.PROBE),), ACKNOWLEDGEMENT)
    try:
        event = _event(message)
        made_at_us = milliseconds_us(message.get("createTime"))
        seller = {identity(message.get("userId")), identity(message.get("openId"))}
    except (KeyError, TypeError, ValueError) as error:
        raise PushRefused("malformed", f"The push cannot be read ({type(error).__name__}).") from None
    if message.get("appKey", connection.app_key) != connection.app_key:
        raise PushRefused("not_for_us", "The push is for another app.")
    if connection.shop and connection.shop not in seller:
        raise PushRefused("not_for_us", "The push is for another shop of the app.")
    age_max_us = whole(connection.settings, "push_age_max_s", _AGE_MAX_S) * 1_000_000
    if made_at_us is not None and now_us - made_at_us > age_max_us:
        raise PushRefused("stale", "The push is older than any that is still being delivered.")
    return Push((event,), ACKNOWLEDGEMENT)


def _event(message: Mapping[str, Any]) -> PushEvent:
    info = message.get("info") or {}
    info = json_object(info) if isinstance(info, str) else info
    kind, field = EVENT.get(str(message["event"]), (PushKind.OTHER, ""))
    return PushEvent(
        identity(message.get("eventId")) or identity(message["msgId"]),
        kind,
        order=identity(info[field]) if field else "",
        event_at_us=milliseconds_us(info.get("updateTime") or info.get("createTime")),
    )
