"""Every test of this folder runs on every platform, against its simulator on a real socket."""

from collections.abc import Iterator

import pytest

from holdfast.simulators.registry import platform_named
from holdfast.simulators.running import RunningSimulator
from tests.conformance.channels.platforms import CASES
from tests.conformance.channels.stand import Stand


@pytest.fixture(scope="session")
def simulators() -> Iterator[dict[str, RunningSimulator]]:
    running: dict[str, RunningSimulator] = {}
    try:
        for case in CASES.values():
            if case.name not in running:
                running[case.name] = RunningSimulator(platform_named(case.name), seed=7).__enter__()
        yield running
    finally:
        for simulator in running.values():
            simulator.__exit__()


@pytest.fixture(params=CASES)
def stand(request: pytest.FixtureRequest, simulators: dict[str, RunningSimulator]) -> Stand:
    """A shop with ten units of each of two listings."""
    case = CASES[request.param]
    simulators[case.name].control("POST", "/reset")
    found = Stand(case, simulators[case.name])
    if case.sim_settings:
        found.misbehave(**case.sim_settings)
    for listing in case.listings:
        found.put(10, listing)
    return found
