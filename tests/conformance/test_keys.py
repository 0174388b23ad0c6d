"""API keys: hashes with names and roles, each change on the audit trail."""

from dataclasses import replace

import pytest

from holdfast.ledger.records import AuditEntry
from holdfast.storage.contract import KeyRow, StoreError
from tests.conformance.stores import StoreUnderTest

ADDED = AuditEntry(5, "root", "r1", "key.create", "till", "saved", {"role": "operator"})
ENDED = AuditEntry(9, "root", "r2", "key.revoke", "till", "saved")
TILL = KeyRow("till", "operator", "hash-1", 5, "root")


@pytest.fixture
def keys(under_test: StoreUnderTest) -> StoreUnderTest:
    under_test.store().open()
    return under_test


def test_keys_need_no_store_opened_before(under_test: StoreUnderTest) -> None:
    assert under_test.keys().keys() == []


def test_a_key_is_kept_as_it_was_given(keys: StoreUnderTest) -> None:
    other = KeyRow("桥", "viewer", "hash-0", 4, "root", expires_at_us=10**15)
    keys.keys().add_key(TILL, ADDED)
    keys.keys().add_key(other, ADDED)
    assert keys.keys().keys() == [TILL, other]


def test_several_keys_of_one_name_while_it_is_rotated(keys: StoreUnderTest) -> None:
    store = keys.keys()
    rows = [replace(TILL, hash=f"hash-{number}", created_at_us=number) for number in (3, 1, 2)]
    for row in rows:
        store.add_key(row, ADDED)
    kept = store.keys()
    assert [row.created_at_us for row in kept] == [1, 2, 3]


def test_the_same_key_twice_is_refused_with_nothing_on_the_trail(keys: StoreUnderTest) -> None:
    store = keys.keys()
    store.add_key(TILL, ADDED)
    with pytest.raises(StoreError):
        store.add_key(replace(TILL, name="other"), ADDED)
    assert store.keys() == [TILL]
    assert len(keys.reader().audit("till", 2**60, 10)) == 1
    store.add_key(replace(TILL, hash="hash-2"), ADDED)


def test_keys_of_a_name_end_but_for_one(keys: StoreUnderTest) -> None:
    store = keys.keys()
    for row in (TILL, replace(TILL, hash="hash-2"), replace(TILL, name="other", hash="hash-3")):
        store.add_key(row, ADDED)
    assert store.end_keys("till", 9, "hash-2", ENDED) == 1
    kept = store.keys()
    assert {row.hash: row.revoked_at_us for row in kept} == {
        "hash-1": 9,
        "hash-2": None,
        "hash-3": None,
    }


def test_an_end_may_be_brought_forward_but_not_put_off(keys: StoreUnderTest) -> None:
    store = keys.keys()
    store.add_key(TILL, ADDED)
    assert store.end_keys("till", 100, "", ENDED) == 1
    assert store.end_keys("till", 200, "", ENDED) == 0
    assert store.keys()[0].revoked_at_us == 100
    assert store.end_keys("till", 50, "", ENDED) == 1
    assert store.keys()[0].revoked_at_us == 50
    assert store.end_keys("nobody", 50, "", ENDED) == 0


def test_changes_of_keys_are_on_the_trail(keys: StoreUnderTest) -> None:
    store = keys.keys()
    store.add_key(TILL, ADDED)
    store.end_keys("till", 9, "", ENDED)
    store.close()
    assert [row.entry for row in keys.reader().audit("till", 2**60, 10)] == [ENDED, ADDED]


def test_keys_leave_the_ledger_s_head_alone(keys: StoreUnderTest) -> None:
    keys.keys().add_key(TILL, ADDED)
    assert keys.reader().head().commit_number == 0
