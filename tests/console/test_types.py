"""The console's API types are those of the server."""

from tests.console.typescript import TYPES, typescript


def test_the_types_are_those_of_the_openapi_document() -> None:
    assert TYPES.read_text(encoding="utf-8") == typescript(), "the API changed: run `make types`"
