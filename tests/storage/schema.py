"""The schema as a file tells it; `python -m tests.storage.schema` prints what schema.sql must hold."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import holdfast.storage.sqlite.connection as connection
from holdfast.storage.sqlite import SqliteStore

SCHEMA = Path(connection.__file__).with_name("schema.sql")
HEAD = "-- The sum of the migrations, to read; `python -m tests.storage.schema` writes it, a test compares.\n"


def of_file(path: Path) -> list[str]:
    """Every statement that made something in the file, tables before what stands on them."""
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
            " ORDER BY type = 'trigger', type = 'index', name"
        ).fetchall()
    return [row[0] for row in rows]


def of_migrations() -> str:
    """The text of schema.sql."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        store = SqliteStore(path)
        store.open()
        store.close()
        return HEAD + "".join(f"\n{statement};\n" for statement in of_file(path))


if __name__ == "__main__":
    sys.stdout.write(of_migrations())
