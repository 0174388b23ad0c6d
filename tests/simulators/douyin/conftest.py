"""A Douyin simulator with one listing of ten units."""

from collections.abc import Iterator

import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.simulators.douyin.caller import Caller


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSimulator]:
    with RunningSimulator(platform_named("douyin")) as running:
        yield running


@pytest.fixture
def douyin(running: RunningSimulator) -> Caller:
    running.control("POST", "/reset")
    caller = Caller(running)
    caller.put(10, merchant_code="RED-1")
    return caller
