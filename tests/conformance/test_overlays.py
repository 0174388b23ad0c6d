"""Viewer overlays: hashes with what they show, one live overlay a name, each change on the audit trail."""

from dataclasses import replace

import pytest

from holdfast.ledger.records import AuditEntry
from holdfast.storage.contract import OverlayRow, StoreError
from tests.conformance.stores import StoreUnderTest

MADE = AuditEntry(5, "root", "r1", "overlay.create", "main", "saved", {"skus": "A, B"})
TURNED = AuditEntry(7, "root", "r2", "overlay.rotate", "main", "saved")
CHANGED = AuditEntry(8, "root", "r3", "overlay.change", "main", "saved")
ENDED = AuditEntry(9, "root", "r4", "overlay.revoke", "main", "saved")
MAIN = OverlayRow("main", "hash-1", ("A", "口红"), "night", "card", "bottom-left", "zh", 5, "root")


def test_overlays_need_no_store_opened_before(under_test: StoreUnderTest) -> None:
    assert under_test.overlays().overlays() == []


def test_an_overlay_is_kept_as_it_was_given(under_test: StoreUnderTest) -> None:
    other = replace(MAIN, name="副屏", hash="hash-0", created_at_us=4, revoked_at_us=6)
    under_test.overlays().put_overlay(MAIN, MADE)
    under_test.overlays().put_overlay(other, MADE)
    assert under_test.overlays().overlays() == [MAIN, other]


def test_a_new_one_of_the_name_ends_the_old_one_at_its_birth(under_test: StoreUnderTest) -> None:
    store = under_test.overlays()
    store.put_overlay(MAIN, MADE)
    store.put_overlay(replace(MAIN, name="other", hash="hash-9"), MADE)
    store.put_overlay(replace(MAIN, hash="hash-2", created_at_us=7), TURNED)
    ends = {row.hash: row.revoked_at_us for row in store.overlays()}
    assert ends == {"hash-1": 7, "hash-2": None, "hash-9": None}


def test_the_same_hash_twice_is_refused_with_nothing_changed(under_test: StoreUnderTest) -> None:
    store = under_test.overlays()
    store.put_overlay(MAIN, MADE)
    with pytest.raises(StoreError):
        store.put_overlay(replace(MAIN, created_at_us=7), TURNED)
    assert store.overlays() == [MAIN]
    assert len(under_test.reader().audit("main", 2**60, 10)) == 1


def test_what_it_shows_can_change_until_it_has_ended(under_test: StoreUnderTest) -> None:
    store = under_test.overlays()
    store.put_overlay(MAIN, MADE)
    new = replace(MAIN, skus=("C",), theme="paper", layout="bar", place="top", language="en")
    assert store.change_overlay(new, CHANGED) == 1
    assert store.overlays() == [new]
    assert store.end_overlays("main", 9, ENDED) == 1
    assert store.end_overlays("main", 10, ENDED) == 0
    assert store.change_overlay(MAIN, CHANGED) == 0
    assert store.overlays() == [replace(new, revoked_at_us=9)]


def test_changes_are_on_the_trail_and_leave_the_ledger_s_head_alone(under_test: StoreUnderTest) -> None:
    under_test.store().open()
    store = under_test.overlays()
    store.put_overlay(MAIN, MADE)
    store.change_overlay(MAIN, CHANGED)
    store.end_overlays("main", 9, ENDED)
    store.close()
    assert [row.entry for row in under_test.reader().audit("main", 2**60, 10)] == [ENDED, CHANGED, MADE]
    assert under_test.reader().head().commit_number == 0
