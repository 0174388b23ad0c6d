"""`/openapi.json`, made from the table of routes, and `/docs`, the same as a page."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from holdfast import __version__

from .fields import (
    BuyerList,
    BuyerText,
    ChannelId,
    CommandId,
    DestinationId,
    DropId,
    GateName,
    ImportId,
    KeyName,
    ListingKey,
    OverlayName,
    OverlayToken,
    ProposalId,
    ShowId,
    SkuId,
    Verdict,
)
from .operation import Operation
from .problems import MEDIA_TYPE, Problem, status_of

_REF = "#/components/schemas/{name}"
_PATH_KINDS: dict[str, Any] = {
    "destination": DestinationId,
    "sku": SkuId,
    "channel": ChannelId,
    "id": CommandId,
    "name": KeyName,
    "listing": ListingKey,
    "drop": DropId,
    "overlay": OverlayName,
    "token": OverlayToken,
    "gate": GateName,
    "list": BuyerList,
    "buyer": BuyerText,
    "verdict": Verdict,
    "show": ShowId,
    "proposal": ProposalId,
    "import": ImportId,
}
_GENERAL = ("unauthorized", "forbidden")
_WRITING = ("queue_full", "stopping", "store_failed")
_TAKING = ("invalid_request", "body_too_large")


def openapi(operations: Iterable[Operation]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these operations."""
    table = list(operations)
    types = [kind for item in table for kind in (item.takes, item.gives) if kind is not None]
    _, components = msgspec.json.schema_components([*types, Problem], ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for item in table:
        paths.setdefault(item.path, {})[item.method.lower()] = _operation(item)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Holdfast",
            "version": __version__,
            "description": "One true count for stock sold in several live rooms at once. 电商直播库存控制塔",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def path_names(path: str) -> list[str]:
    """Names of the parts in braces."""
    return re.findall(r"{(\w+)}", path)


def _operation(item: Operation) -> dict[str, Any]:
    document: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{item.method.lower()}{item.path}").strip("_"),
        "summary": item.summary,
        "tags": [item.path.split("/")[2] if item.path.startswith("/v1/") else "system"],
        "responses": _responses(item),
    }
    if item.role is not None:
        document["security"] = [{"key": []}]
        document["description"] = f"Role: {item.role.label} or above."
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _schema(_PATH_KINDS[name])}
        for name in path_names(item.path)
    ] + [
        {"name": query.name, "in": "query", "description": query.description, "schema": query.schema}
        for query in item.query
    ]
    if parameters:
        document["parameters"] = parameters
    if item.takes is not None:
        document["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _schema(item.takes)}},
        }
    return document


def _schema(kind: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_REF)
    return schema


def _responses(item: Operation) -> dict[str, Any]:
    content = {"schema": _schema(item.gives)} if item.gives is not None else {"schema": {"type": "string"}}
    responses: dict[str, Any] = {
        str(item.status): {"description": item.summary, "content": {item.media_type: content}}
    }
    if item.status == 201 and item.path in ("/v1/holds", "/v1/transfers"):
        responses["200"] = {
            "description": "A replay: answered as the first time",
            "headers": {"Idempotency-Replayed": {"schema": {"type": "string", "const": "true"}}},
            "content": {item.media_type: content},
        }
    by_status: dict[int, list[str]] = {}
    for code in _codes(item):
        by_status.setdefault(status_of(code), []).append(code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = {
            "description": ", ".join(codes),
            "content": {MEDIA_TYPE: {"schema": _schema(Problem)}},
        }
    return responses


def _codes(item: Operation) -> list[str]:
    codes = list(item.codes)
    if item.role is not None:
        codes += _GENERAL
    if item.takes is not None or path_names(item.path) or item.query:
        codes += _TAKING
    if item.method != "GET":
        codes += _WRITING
    elif item.path.startswith("/v1/"):
        codes.append("store_failed")
    codes.append("internal_error")
    return list(dict.fromkeys(codes))
