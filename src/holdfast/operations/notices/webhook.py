"""Signed webhooks after the Standard Webhooks specification, for programs: the figures as JSON."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from ...policies.warnings import StockWarning
from .answers import Answer, Verdict, by_status
from .notice import Post, json_post

EVENT_TYPE = "stock.warnings"
TEST_TYPE = "stock.test"
WARNINGS_MAX = 100
_PREFIX = "whsec_"
_KEY_BYTES_MIN, _KEY_BYTES_MAX = 24, 64


def sign(secret: str, message_id: str, timestamp_s: int, body: bytes) -> str:
    """One signature, `v1,` and base64, over id, time and the body's bytes."""
    signed = f"{message_id}.{timestamp_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()


def posts(
    warnings: Sequence[StockWarning], url: str, secrets: Sequence[str], message_id: str, now_s: int
) -> list[Post]:
    """Requests of at most 100 warnings each; while a secret is changed, both the old and the new one sign.

    A repeat must use the same `message_id`: the receiver knows by it what it has had.
    """
    found = []
    for start in range(0, len(warnings), WARNINGS_MAX):
        part_id = message_id if len(warnings) <= WARNINGS_MAX else f"{message_id}-{start // WARNINGS_MAX}"
        payload = {
            "type": EVENT_TYPE,
            "timestamp": _iso(now_s),
            "data": {"warnings": [_data(each) for each in warnings[start : start + WARNINGS_MAX]]},
        }
        found.append(_signed(payload, url, secrets, part_id, now_s))
    return found


def ping(url: str, secrets: Sequence[str], message_id: str, now_s: int) -> Post:
    """A signed request that carries no warning, to see that somebody listens."""
    payload = {"type": TEST_TYPE, "timestamp": _iso(now_s), "data": {}}
    return _signed(payload, url, secrets, message_id, now_s)


def read(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """Any 2xx is taken; 4xx is refused, and 5xx may be tried again under the same id."""
    if status // 100 == 2:
        return Answer(Verdict.TAKEN, str(status))
    return by_status(status, headers, body) or Answer(Verdict.UNKNOWN, str(status))


def _signed(payload: dict[str, Any], url: str, secrets: Sequence[str], message_id: str, now_s: int) -> Post:
    plain = json_post(url, payload)
    signatures = " ".join(sign(secret, message_id, now_s, plain.body) for secret in secrets)
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(now_s),
        "webhook-signature": signatures,
    }
    return Post(url, plain.body, {**plain.headers, **headers})


def check(secret: str) -> None:
    """Raises ValueError, with what is wrong, for a secret that cannot sign."""
    _key(secret)


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook's secret is whsec_ and base64") from None
    if not _KEY_BYTES_MIN <= len(key) <= _KEY_BYTES_MAX:
        raise ValueError(f"a webhook's secret has {_KEY_BYTES_MIN} to {_KEY_BYTES_MAX} bytes")
    return key


def _data(warning: StockWarning) -> dict[str, Any]:
    return {
        "sku": warning.sku,
        "name": warning.name,
        "kind": warning.kind.value,
        "code": warning.tier.value,
        "level": warning.level.name.lower(),
        "at": _iso(warning.at_s),
        "advice": [advice.value for advice in warning.advice],
        "figures": asdict(warning.figures),
    }


def _iso(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat().replace("+00:00", "Z")
