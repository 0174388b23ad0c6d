"""What platforms send is read exactly: ids stay text, numbers may come as text."""

import pytest

from holdfast.channels.errors import CallRefused
from holdfast.channels.values import id_number, identity, json_object, number, same_text, seconds_us


def test_an_id_beyond_a_float_keeps_every_digit() -> None:
    assert identity(json_object('{"id":3409409348479354011}')["id"]) == "3409409348479354011"
    assert id_number("product", "3409409348479354011") == 3409409348479354011


@pytest.mark.parametrize("nothing", [None, "", 0, "0"])
def test_nothing_is_no_id(nothing: object) -> None:
    assert identity(nothing) == ""


def test_what_may_have_lost_digits_is_no_id() -> None:
    with pytest.raises(ValueError, match="float"):
        identity(3.4e18)


@pytest.mark.parametrize("name", ["", "12a", "-1", "１２", "1 2"])
def test_an_id_that_is_no_number_is_refused_before_it_is_sent(name: str) -> None:
    with pytest.raises(CallRefused):
        id_number("product", name)


def test_numbers_come_as_text_too() -> None:
    assert [number(value) for value in (5, "5", "-2", 5.0, None, "")] == [5, 5, -2, 5, 0, 0]
    for wrong in (5.5, [5], "five"):
        with pytest.raises(ValueError, match=r"\w"):
            number(wrong)


def test_no_time_is_none() -> None:
    assert seconds_us(0) is None
    assert seconds_us("1700000000") == 1_700_000_000_000_000


def test_signatures_of_any_letters_are_compared() -> None:
    assert same_text("abc", "abc")
    assert not same_text("abc", "äbc")
