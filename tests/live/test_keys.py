"""Keys by hash: what opens, for how long, and what is written about it."""

from pathlib import Path

import pytest

from holdfast.live.keys import KeyRing, Role, hash_key
from holdfast.storage.sqlite import SqliteKeys, SqliteReader

US = 1_000_000


class Time:
    now_us = 1_800_000_000 * US


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.db"


@pytest.fixture
def ring(path: Path) -> KeyRing:
    return KeyRing(lambda: SqliteKeys(path), lambda: Time.now_us)


def opens(ring: KeyRing, key: str) -> bool:
    return ring.find(key.encode()) is not None


def test_a_key_opens_what_its_role_may_until_its_time_is_over(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ring.create("till", Role.INTEGRATION, "test", lifetime_s=60)
    principal = ring.find(key.encode())
    assert principal is not None
    assert (principal.actor, principal.role) == ("key:till", Role.INTEGRATION)
    assert not opens(ring, key + "x")
    monkeypatch.setattr(Time, "now_us", Time.now_us + 60 * US)
    assert not opens(ring, key)
    ring.create("till", Role.VIEWER, "test")  # the name is free again


def test_rotation_keeps_both_keys_for_the_grace_and_never_prolongs_an_older_one(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ring.create("till", Role.OPERATOR, "test")
    second = ring.rotate("till", "test", 10)
    third = ring.rotate("till", "test", 100)
    assert all(opens(ring, key) for key in (first, second, third))
    monkeypatch.setattr(Time, "now_us", Time.now_us + 10 * US)
    assert [opens(ring, key) for key in (first, second, third)] == [False, True, True]
    ring.revoke("till", "test")
    assert not any(opens(ring, key) for key in (first, second, third))
    with pytest.raises(KeyError):
        ring.rotate("till", "test", 1)


def test_only_hashes_are_on_file_and_another_process_sees_what_changed(ring: KeyRing, path: Path) -> None:
    key = ring.create("till", Role.VIEWER, "test")
    assert [row.hash for row in ring.rows()] == [hash_key(key)]
    for file in path.parent.iterdir():
        assert key.encode() not in file.read_bytes()
    other = KeyRing(lambda: SqliteKeys(path), lambda: Time.now_us)
    assert not opens(other, key)
    other.refresh()
    assert opens(other, key)
    with pytest.raises(ValueError, match="already"):
        other.create("till", Role.VIEWER, "test")
    other.revoke("till", "somebody")
    ring.refresh()
    assert not opens(ring, key)
    reader = SqliteReader(path)
    actions = [(row.entry.action, row.entry.actor) for row in reader.audit(None, 2**62, 10)]
    assert actions == [("key.revoke", "somebody"), ("key.create", "test")]
    reader.close()
