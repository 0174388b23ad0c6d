"""The customers are the very ones that the reference draws; the rows here are its output."""

import csv

import pytest

from holdfast.rehearsal.demand import customers, fnv1a64, uniforms
from tests.rehearsal.shows import DATA, trace


@pytest.mark.parametrize("rep", [0, 2])
def test_customers_are_those_of_the_reference(rep: int) -> None:
    with (DATA / f"trace-{rep}.csv").open(encoding="utf-8", newline="") as file:
        expected = [tuple(row.values()) for row in csv.DictReader(file)]
    found = [
        (
            f"{c.at_s:.6f}",
            c.platform,
            c.sku,
            str(c.quantity),
            "" if c.undone_after_s is None else f"{c.undone_after_s:.3f}",
        )
        for c in customers(trace(), rep)
    ]
    assert found == expected
    assert {row[3] for row in expected} == {"1", "2", "5"}, "the rows try every quantity"


def test_another_replication_has_other_customers() -> None:
    assert customers(trace(), 0) != customers(trace(), 1)


def test_the_generators_give_their_published_numbers() -> None:
    assert fnv1a64("foobar") == 0x85944171F73967E8
    draw = uniforms(1234567)
    assert [int(next(draw) * (1 << 53)) for _ in range(2)] == [
        6457827717110365317 >> 11,
        3203168211198807973 >> 11,
    ]
