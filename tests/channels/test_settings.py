"""A channel's settings correct the manifest, and a wrong one is named."""

import pytest

from holdfast.channels.manifest import Deducts, RateCap
from holdfast.channels.settings import SettingRefused, corrected, one_of, whole
from tests.channels.test_http import MANIFEST


def test_settings_correct_any_field_by_its_name() -> None:
    found = corrected(
        MANIFEST,
        {"deducts": "on_payment", "timeout_s": "2.5", "idempotent": "no", "rate_per_s": "3", "own": "x"},
        own=("own",),
    )
    assert found.deducts is Deducts.ON_PAYMENT
    assert found.timeout_s == 2.5
    assert found.idempotent is False
    assert found.rate == RateCap(3, 10)
    assert corrected(MANIFEST, {}) == MANIFEST


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("platform", "other"),
        ("timeout_s", "soon"),
        ("idempotent", "maybe"),
        ("deducts", "x"),
    ],
)
def test_a_setting_that_is_unknown_or_unreadable_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name):
        corrected(MANIFEST, {name: value})


def test_own_settings_are_read_with_a_default() -> None:
    assert whole({}, "size", 5) == 5
    assert whole({"size": "7"}, "size", 5) == 7
    assert one_of({}, "method", ("a", "b"), "a") == "a"
    with pytest.raises(SettingRefused, match="a, b"):
        one_of({"method": "c"}, "method", ("a", "b"), "a")
