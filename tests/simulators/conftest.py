"""Refusals of the control API, as (status, code)."""

from collections.abc import Callable

import httpx
import pytest

from holdfast.simulators.running import RunningSimulator

Refused = Callable[..., tuple[int, str]]


@pytest.fixture
def refused() -> Refused:
    def refused(simulator: RunningSimulator, *call: object) -> tuple[int, str]:
        with pytest.raises(httpx.HTTPStatusError) as caught:
            simulator.control(*call)  # type: ignore[arg-type]
        return caught.value.response.status_code, caught.value.response.json()["code"]

    return refused
