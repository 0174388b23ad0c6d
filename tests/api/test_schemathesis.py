"""Schemathesis over the reference: all it thinks of is answered as the reference says, never by a 5xx."""

import os
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.running import KEY, RunningServer

EXAMPLES_PER_CALL = 25
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDLESS = "/v1/feed"
"""Its answer has no end, so it is tested by watchers."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("store") / "holdfast.db") as running:
        yield running


# Every call of the reference in one test: it grows with the API.
@pytest.mark.timeout(300)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_whatever_is_sent_is_answered_as_the_reference_says(
    server: RunningServer, mode: GenerationMode
) -> None:
    number = int(os.environ.get("HOLDFAST_SEED") or random.SystemRandom().randrange(2**32))
    print(f"schemathesis: seed {number}")
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    tried = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if operation.path == ENDLESS:
            continue

        @seed(number)
        @settings(
            max_examples=EXAMPLES_PER_CALL,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: schemathesis.Case[Any]) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(headers={"authorization": f"Bearer {KEY}"}, checks=CHECKS, timeout=10)

        # A call that takes nothing cannot be called wrongly.
        with suppress(Unsatisfiable):
            check()
    assert tried > 10 * EXAMPLES_PER_CALL
    assert server.client.get("/readyz").status_code == 200
    print(f"schemathesis: {tried} requests")
