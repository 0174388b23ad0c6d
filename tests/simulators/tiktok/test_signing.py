"""TikTok Shop's signatures, against the vectors of the facts."""

import pytest

from holdfast.simulators.tiktok.signing import clock_is_near, push_signature, request_signature

QUERY = {"app_key": "tts-test-key", "shop_cipher": "tts-test-cipher", "timestamp": "1700000000"}
BODY = (
    b'{"skus":[{"id":"1729592969712207123","inventory":'
    b'[{"warehouse_id":"7068517275539719942","quantity":99}]}]}'
)


def test_a_signed_post() -> None:
    path = "/product/202309/products/1729592969712207008/inventory/update"
    assert request_signature("tts-test-secret", "POST", path, QUERY | {"sign": "x"}, BODY) == (
        "a17da60b7385c794a3e081f2cf080bb58e803499a07335f86a049ceaf1ed56f6"
    )


def test_a_signed_get_leaves_the_body_out() -> None:
    query = QUERY | {"ids": "576653688135258178"}
    assert request_signature("tts-test-secret", "GET", "/order/202309/orders", query, b"any") == (
        "692d88f96a8122ff79f1365cd249e04adea8b0ac4d1f3c5b384a8005f731bacc"
    )


def test_a_signed_notification() -> None:
    body = (
        b'{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507",'
        b'"timestamp":1718305585,"data":{"is_on_hold_order":true,"order_id":"576653688135258178",'
        b'"order_status":"UNPAID","update_time":1718305585}}'
    )
    assert push_signature("abcdef", "123", body) == (
        "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05"
    )


@pytest.mark.parametrize(
    ("off_s", "near"), [(-300, True), (-301, False), (0, True), (30, True), (31, False)], ids=str
)
def test_the_clock_window_is_lopsided(off_s: int, *, near: bool) -> None:
    assert clock_is_near(1_700_000_000 + off_s, 1_700_000_000.0) is near
