"""A Taobao simulator with one listing of ten units, and an empty queue."""

from collections.abc import Iterator

import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.simulators.taobao.caller import Caller


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSimulator]:
    with RunningSimulator(platform_named("taobao")) as running:
        yield running


@pytest.fixture
def taobao(running: RunningSimulator) -> Caller:
    running.control("POST", "/reset")
    caller = Caller(running)
    caller.put(10, merchant_code="RED-1")
    caller.confirm(caller.consume())
    return caller
