"""A Douyin simulator with one listing of ten units."""

from collections.abc import Iterator

import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.simulators.douyin.caller import Caller


@pytest.fixture
def douyin() -> Iterator[Caller]:
    with RunningSimulator(platform_named("douyin")) as running:
        caller = Caller(running)
        caller.put(10, merchant_code="RED-1")
        yield caller
