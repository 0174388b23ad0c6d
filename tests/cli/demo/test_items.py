"""The item file that the demo begins with."""

import re
from urllib.parse import unquote
from xml.etree import ElementTree

from holdfast.cli.data import demo_items
from holdfast.cli.data.drawings import drawing
from holdfast.cli.demo.show.plan import SKU
from holdfast.ledger.records import IMAGE_URL_CHARACTERS_MAX, IMAGE_URL_PATTERN
from holdfast.sheets import CurrentState, plan, read_sheet


def test_the_demo_items_import_without_a_word() -> None:
    with demo_items() as path:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        sheet = read_sheet(path)
    found = plan(sheet, CurrentState())
    assert (found.errors, found.warnings) == ([], [])
    assert len(found.items) == 40
    assert all(row.variant and row.price_cents and row.cost_cents and row.stock for row in sheet.rows)


def test_the_hero_has_what_the_buyers_reach_for() -> None:
    with demo_items() as path:
        hero = next(row for row in read_sheet(path).rows if row.sku == "HERO-001")
    assert (hero.stock, hero.limit_per_order, hero.limit_per_buyer) == (5_000, 2, 2)


def test_nothing_is_sold_below_its_cost() -> None:
    with demo_items() as path:
        for row in read_sheet(path).rows:
            assert isinstance(row.price_cents, int)
            assert isinstance(row.cost_cents, int)
            assert row.cost_cents < row.price_cents


def test_every_item_has_a_picture_that_the_server_takes() -> None:
    with demo_items() as path:
        skus = [SKU, *(row.sku for row in read_sheet(path).rows)]
    for sku in skus:
        url = drawing(sku)
        assert re.search(IMAGE_URL_PATTERN, url)
        assert len(url) <= IMAGE_URL_CHARACTERS_MAX
        picture = ElementTree.fromstring(unquote(url.partition(",")[2]))
        assert picture.tag == "{http://www.w3.org/2000/svg}svg"
