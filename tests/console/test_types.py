"""The console's API types are those of the server."""

from holdfast.api.asgi import OPERATIONS
from holdfast.api.openapi import openapi
from tests.console.typescript import TYPES, typescript


def test_the_types_are_those_of_the_openapi_document() -> None:
    assert TYPES.read_text(encoding="utf-8") == typescript(), "the API changed: run `make types`"


def test_no_two_bodies_share_a_name() -> None:
    # Then the reference calls them by their modules, which no language takes for a type's name.
    names = openapi(OPERATIONS)["components"]["schemas"]
    assert [name for name in names if not name.isidentifier()] == []
