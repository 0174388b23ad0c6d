from collections.abc import Iterator

import pytest

from tests.api.running import RunningServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("store") / "holdfast.db") as running:
        yield running
