"""Xiaohongshu's signature, against the vectors of the facts."""

import pytest

from holdfast.simulators.xiaohongshu.signing import request_signature


@pytest.mark.parametrize(
    ("method", "app_id", "timestamp", "secret", "expected"),
    [
        ("inventory.incSkuStock", "appid1", "1700000000", "xhs-secret", "7cff3620e18d5fbf0711c57a9ab15722"),
        ("order.list", "xhsapp", "1760000000", "xhssecret", "885fab5fa144291ea1de72f4dba5e1b5"),
    ],
)
def test_vectors(method: str, app_id: str, timestamp: str, secret: str, expected: str) -> None:
    assert request_signature(secret, method, app_id, timestamp, "2.0") == expected
