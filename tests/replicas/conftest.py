"""A database of their own for servers that share it, and a key that all of them seal with."""

import base64
from pathlib import Path

import pytest

from tests.conformance.postgres import new_schema
from tests.replicas.servers import Servers


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Servers:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return Servers(tmp_path, new_schema(), base64.b64encode(bytes(32)).decode())
