"""Writes the console's API types from the OpenAPI document: `python -m tests.console.typescript`."""

import json
import re
from pathlib import Path
from typing import Any

from holdfast.api.asgi import OPERATIONS
from holdfast.api.openapi import openapi
from tests.docs.surface import ROOT

TYPES = ROOT / "console" / "src" / "api" / "types.ts"
_HEAD = "// Made from /openapi.json by `make types`; a test keeps it true.\n"
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_NAME = re.compile(r"[A-Za-z_]\w*")


def typescript() -> str:
    """The text of the types file."""
    document = openapi(OPERATIONS)
    schemas = document["components"]["schemas"]
    parts = [_interface(name, schema) for name, schema in sorted(schemas.items())]
    codes = sorted(_problem_codes(document))
    parts.append("export type ProblemCode =\n" + "\n".join(f'  | "{code}"' for code in codes) + ";\n")
    return _HEAD + "\n" + "\n".join(parts)


def _interface(name: str, schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return f"export type {name} = {_type(schema)};\n"
    required = set(schema.get("required", []))
    lines = [
        f"  {_key(field)}{'' if field in required else '?'}: {_type(part)};"
        for field, part in schema.get("properties", {}).items()
    ]
    text = " ".join(schema.get("description", "").split())
    comment = f"/** {text} */\n" if text else ""
    return f"{comment}export interface {name} {{\n" + "\n".join(lines) + "\n}\n"


def _key(field: str) -> str:
    return field if _NAME.fullmatch(field) else json.dumps(field)


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(part) for part in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        inner = _type(schema.get("items", {}))
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if kind == "object":
        return f"Record<string, {_type(schema.get('additionalProperties', {}))}>"
    return _PLAIN.get(str(kind), "unknown")


def _problem_codes(document: dict[str, Any]) -> set[str]:
    answers = [
        answer
        for methods in document["paths"].values()
        for item in methods.values()
        for status, answer in item["responses"].items()
        if int(status) >= 400
    ]
    return {code for answer in answers for code in answer["description"].split(", ")}


def main() -> None:
    """Rewrite the file."""
    Path(TYPES).write_text(typescript(), encoding="utf-8")


if __name__ == "__main__":
    main()
