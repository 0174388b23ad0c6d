"""Every test of this folder runs on every store."""

from pathlib import Path

import pytest

from tests.conformance.stores import STORES, StoreUnderTest


@pytest.fixture(params=STORES)
def under_test(request: pytest.FixtureRequest, tmp_path: Path) -> StoreUnderTest:
    return STORES[request.param](tmp_path)
