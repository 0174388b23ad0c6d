"""A schema with a small trade in it, and an empty one."""

from collections.abc import Iterator

import pytest

from holdfast.storage.postgres import PostgresStore
from tests.conformance.postgres import new_schema
from tests.conformance.trade import open_shop


@pytest.fixture
def url() -> str:
    return new_schema()


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    store = PostgresStore(url)
    store.open()
    open_shop(store)
    yield store
    store.close()
