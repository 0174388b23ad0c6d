"""Documents: saved with a batch or not at all, the last word of a batch counts, read in order of ids."""

from dataclasses import replace

import pytest

from holdfast.storage.contract import Store, StoreError
from holdfast.storage.records import DocumentGone, DocumentRow, Record
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import open_shop
from tests.fakes.batches import load

SHOW = DocumentRow("show", "s1", '{"name":"双11 ♥"}', 5)


@pytest.fixture
def store(under_test: StoreUnderTest) -> Store:
    store = under_test.store()
    store.open()
    open_shop(store)
    return store


def save(store: Store, *records: Record, commit: bool = True) -> None:
    """One batch of records."""
    load(store, (), 2_000)
    store.save_records(records)
    if commit:
        store.commit()
    store.rollback()


def test_a_document_is_read_as_it_was_saved(under_test: StoreUnderTest, store: Store) -> None:
    save(store, SHOW)
    reader = under_test.reader()
    assert reader.document("show", "s1") == SHOW
    assert reader.document("drop", "s1") is None
    assert reader.document("show", "s2") is None
    changed = replace(SHOW, body="{}", updated_at_us=6)
    save(store, changed)
    assert reader.document("show", "s1") == changed


def test_documents_come_in_pages_of_their_kind(under_test: StoreUnderTest, store: Store) -> None:
    rows = [replace(SHOW, id=f"s{number}") for number in (3, 1, 2)]
    save(store, *rows, replace(SHOW, kind="drop", id="s4"))
    reader = under_test.reader()
    assert [row.id for row in reader.documents("show", "", 2)] == ["s1", "s2"]
    assert [row.id for row in reader.documents("show", "s2", 2)] == ["s3"]
    assert reader.documents("rule", "", 9) == []


def test_the_last_word_of_a_batch_counts(under_test: StoreUnderTest, store: Store) -> None:
    reader = under_test.reader()
    save(store, SHOW, DocumentGone("show", "s1"), replace(SHOW, body="[1]"), replace(SHOW, body="[2]"))
    assert [row.body for row in reader.documents("show", "", 9)] == ["[2]"]
    save(store, replace(SHOW, body="[3]"), DocumentGone("show", "s1"), DocumentGone("show", "nobody"))
    assert reader.documents("show", "", 9) == []


def test_a_batch_that_is_given_up_leaves_no_document(under_test: StoreUnderTest, store: Store) -> None:
    save(store, SHOW, commit=False)
    assert under_test.reader().document("show", "s1") is None


def test_what_is_no_json_is_refused(under_test: StoreUnderTest, store: Store) -> None:
    with pytest.raises(StoreError):
        save(store, replace(SHOW, body="{half"))
    store.rollback()
    assert under_test.reader().documents("show", "", 9) == []
