"""The part of GraphQL that a Shopify adapter sends: one operation, variables, directives, no fragments.

A document is read into fields with their arguments; an answer is cut down to the fields that were selected.
A field that the simulator does not know is an error, as on the real platform. What an inline fragment selects
is taken as if it stood outside, whatever its type. Not understood: named fragments, `@include`, `@skip`,
several operations in one document, block strings.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"""[\s,]+|\#[^\n]*|(?P<token>\.\.\.|[!$():=@\[\]{}]|"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?|[_A-Za-z]\w*)"""
)


class GraphQLError(Exception):
    """A document that the platform would refuse as a whole; `code` as in `extensions.code`, if any."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Field:
    """A selected field; `key` is its alias, or its name."""

    key: str
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    directives: dict[str, dict[str, Any]] = field(default_factory=dict)
    selected: list["Field"] = field(default_factory=list)


@dataclass(slots=True)
class Operation:
    """A document: its kind (`query` or `mutation`), its directives, and the fields at the root."""

    kind: str
    directives: dict[str, dict[str, Any]]
    selected: list[Field]


def parse(document: str, variables: Mapping[str, Any]) -> Operation:
    """Read a document with its variables put in; raises `GraphQLError`."""
    return _Reader(_tokens(document), variables).operation()


def cut(value: Any, selected: list[Field], type_name: str) -> Any:
    """The answer as it was asked for: only selected fields, under their aliases, lists item by item."""
    if isinstance(value, list):
        return [cut(item, selected, type_name) for item in value]
    if not isinstance(value, dict):
        if selected and value is not None:
            raise GraphQLError(f"Selections can't be made on scalars (field '{type_name}')")
        return value
    if not selected:
        raise GraphQLError(f"Field must have selections (field '{type_name}' returns an object)")
    answer = {}
    for wanted in selected:
        if wanted.name == "__typename":
            answer[wanted.key] = type_name
        elif wanted.name not in value:
            raise GraphQLError(f"Field '{wanted.name}' doesn't exist on '{type_name}'", "undefinedField")
        else:
            found = value[wanted.name]
            if callable(found):
                found = found(wanted.arguments)
            answer[wanted.key] = cut(found, wanted.selected, wanted.name)
    return answer


def _tokens(document: str) -> list[str]:
    tokens, place = [], 0
    while place < len(document):
        match = _TOKEN.match(document, place)
        if match is None:
            raise GraphQLError(f"syntax error, unexpected character at {place}")
        if match["token"]:
            tokens.append(match["token"])
        place = match.end()
    return tokens


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[str], variables: Mapping[str, Any]) -> None:
        self._tokens = tokens
        self._place = 0
        self._given = variables
        self._variables: dict[str, Any] = {}

    def operation(self) -> Operation:
        kind = "query"
        directives: dict[str, dict[str, Any]] = {}
        if self._next() != "{":
            kind = self._take()
            if kind not in ("query", "mutation"):
                raise GraphQLError(f"syntax error, unexpected '{kind}'")
            if self._is_name():
                self._take()
            if self._next() == "(":
                self._declarations()
            directives = self._directives()
        selected = self._selection()
        if self._next():
            raise GraphQLError(f"syntax error, unexpected '{self._next()}' after the operation")
        return Operation(kind, directives, selected)

    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _is_name(self) -> bool:
        return bool(re.match(r"[_A-Za-z]", self._next()))

    def _take(self, expected: str = "") -> str:
        token = self._next()
        if not token or (expected and token != expected):
            raise GraphQLError(f"syntax error, unexpected '{token or 'end of file'}', expected '{expected}'")
        self._place += 1
        return token

    def _declarations(self) -> None:
        self._take("(")
        while self._next() != ")":
            self._take("$")
            name = self._take()
            self._take(":")
            required = self._type()
            default = None
            if self._next() == "=":
                self._take()
                default = self._value()
            value = self._given.get(name, default)
            if required and value is None:
                raise GraphQLError(f"Variable ${name} was provided invalid value", "INVALID_VARIABLE")
            self._variables[name] = value
        self._take(")")

    def _type(self) -> bool:
        """Skip a type; whether it must be given."""
        if self._next() == "[":
            self._take()
            self._type()
            self._take("]")
        else:
            self._take()
        if self._next() == "!":
            self._take()
            return True
        return False

    def _directives(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        while self._next() == "@":
            self._take()
            name = self._take()
            found[name] = self._arguments()
        return found

    def _arguments(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self._next() == "(":
            self._take()
            while self._next() != ")":
                name = self._take()
                self._take(":")
                found[name] = self._value()
            self._take(")")
        return found

    def _selection(self) -> list[Field]:
        self._take("{")
        found = []
        while self._next() != "}":
            if self._next() == "...":
                self._take()
                if self._next() == "on":
                    self._take()
                    self._take()
                found += self._selection()
                continue
            if not self._is_name():
                raise GraphQLError(f"syntax error, unexpected '{self._next()}' in a selection")
            key = name = self._take()
            if self._next() == ":":
                self._take()
                name = self._take()
            arguments, directives = self._arguments(), self._directives()
            selected = self._selection() if self._next() == "{" else []
            found.append(Field(key, name, arguments, directives, selected))
        self._take("}")
        return found

    def _value(self) -> Any:
        word = self._take()
        if word == "$":
            name = self._take()
            if name not in self._variables:
                raise GraphQLError(f"Variable ${name} is used but not declared", "variableNotDefined")
            return self._variables[name]
        if word == "[":
            items = []
            while self._next() != "]":
                items.append(self._value())
            self._take("]")
            return items
        if word == "{":
            found: dict[str, Any] = {}
            while self._next() != "}":
                name = self._take()
                self._take(":")
                found[name] = self._value()
            self._take("}")
            return found
        return _scalar(word)


def _scalar(token: str) -> Any:
    if token[0] == '"':
        return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), token[1:-1])
    if token[0] == "-" or token[0].isdigit():
        return float(token) if "." in token else int(token)
    return {"true": True, "false": False, "null": None}.get(token, token)
