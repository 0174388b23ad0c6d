"""SQL text stands only under storage."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import SOURCE, docstring_nodes, modules, name_of, syntax

# In capitals a statement is one wherever it stands; in small letters only where the string begins.
_CAPITALS = re.compile(
    r"\b(SELECT\b.+\bFROM\b|(INSERT|REPLACE)\s+(OR\s+\w+\s+)?INTO\b|UPDATE\s+\S+\s+SET\b"
    r"|DELETE\s+FROM\b|(CREATE|DROP|ALTER)\s+(TABLE|INDEX|VIEW|TRIGGER)\b|PRAGMA\s+\w+)",
    re.DOTALL,
)
_SMALL = re.compile(
    r"\s*(select\b.+\bfrom\b|(insert|replace)\s+(or\s+\w+\s+)?into\b|update\s+\S+\s+set\b"
    r"|delete\s+from\b|(create|drop|alter)\s+(table|index|view|trigger)\b|pragma\s+\w+)",
    re.DOTALL,
)


def is_sql(text: str) -> bool:
    """Whether a string holds a statement, as against a sentence that speaks of one."""
    return bool(_CAPITALS.search(text) or _SMALL.match(text))


def outside_storage() -> list[Path]:
    return [path for path in modules(SOURCE) if SOURCE / "storage" not in path.parents]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT id FROM holds", True),
        ("select id\nfrom holds", True),
        ("INSERT OR IGNORE INTO holds VALUES (?)", True),
        ("WITH due AS (SELECT 1 FROM holds) UPDATE holds SET status = 2", True),
        ("DELETE FROM holds", True),
        ("PRAGMA journal_mode = WAL", True),
        ("Select a channel from the list", False),
        ("the update is set for tomorrow", False),
        ("Delete the key from the store", False),
    ],
)
def test_a_statement_is_told_from_a_sentence(text: str, *, expected: bool) -> None:
    assert is_sql(text) is expected


@pytest.mark.parametrize("path", outside_storage(), ids=name_of)
def test_no_sql_outside_storage(path: Path) -> None:
    prose = docstring_nodes(path)
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in prose:
            assert not is_sql(node.value), f"{name_of(path)}:{node.lineno} holds SQL: {node.value!r}"


def test_no_sql_file_outside_storage() -> None:
    strays = [p for p in SOURCE.rglob("*.sql") if SOURCE / "storage" not in p.parents]
    assert not strays
