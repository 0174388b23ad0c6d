"""Items: every field of a description comes back as it was put, and described anew it changes nothing."""

from dataclasses import fields, replace

import pytest

from holdfast.ledger.catalog import described
from holdfast.ledger.codes import ResultCode
from holdfast.ledger.commands import PutSku
from holdfast.ledger.guard.rules import Guard
from holdfast.ledger.records import IMAGE_URL_CHARACTERS_MAX, Component, Limits
from holdfast.storage.contract import Store
from tests.conformance.stores import StoreUnderTest
from tests.conformance.trade import ACTOR
from tests.fakes.batches import decide

FULL = PutSku(
    "BOX",
    "礼盒 🎁",
    ACTOR,
    variant="红",
    price_cents=9_900,
    cost_cents=5_000,
    frozen=True,
    sale_opens_at_us=1,
    sale_closes_at_us=2,
    limits=Limits("双11", 1, 2, 3),
    components=(Component("A", 2),),
    request_id="r1",
    guard=Guard("双11", units_max=600),
    image_url="https://img.example/礼盒.jpg",
)
SAID = [field.name for field in fields(PutSku) if field.name not in ("actor", "request_id")]


@pytest.fixture
def store(under_test: StoreUnderTest) -> Store:
    store = under_test.store()
    store.open()
    decide(store, [PutSku("A", "a", ACTOR), FULL], 1_000)
    return store


def test_every_field_comes_back_as_it_was_put(under_test: StoreUnderTest, store: Store) -> None:
    plain = PutSku("BOX", "礼盒", ACTOR)
    same = [name for name in SAID if name != "sku" and getattr(FULL, name) == getattr(plain, name)]
    assert not same, "a field that is left at its default proves nothing"
    reader = under_test.reader()
    kept = reader.sku("BOX")
    assert kept is not None
    assert {name: getattr(kept, name) for name in SAID} == {name: getattr(FULL, name) for name in SAID}
    assert kept in reader.skus("", 9)
    again = decide(store, [described(kept, ACTOR)], 2_000)[0]
    assert (again.code, again.record) == (ResultCode.UNCHANGED, kept)
    decide(store, [plain], 3_000)
    reset = reader.sku("BOX")
    assert reset is not None
    assert {name: getattr(reset, name) for name in SAID} == {name: getattr(plain, name) for name in SAID}


def test_a_change_of_the_picture_is_on_the_trail(under_test: StoreUnderTest, store: Store) -> None:
    decide(store, [replace(FULL, image_url=None)], 2_000)
    entry = under_test.reader().audit("BOX", 1 << 62, 1)[0].entry
    assert entry.detail == {"image_url": f'"{FULL.image_url}" -> null'}


def test_the_longest_picture_is_kept(under_test: StoreUnderTest, store: Store) -> None:
    longest = "https://img.example/".ljust(IMAGE_URL_CHARACTERS_MAX, "图")
    decide(store, [replace(FULL, image_url=longest)], 2_000)
    kept = under_test.reader().sku("BOX")
    assert kept is not None
    assert kept.image_url == longest
