"""Which addresses may be called, and that a name which changes its address gains nothing."""

import socket

import pytest

from holdfast.operations.destinations.address import Place, place_of, resolve
from holdfast.operations.destinations.model import DestinationError


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def found(host: str, port: int, **more: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
    ],
)
def test_nothing_inside_our_own_network_is_called(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answering(monkeypatch, address)
    place = Place("robot.example", 443, encrypted=True)
    with pytest.raises(DestinationError, match="private_destinations"):
        resolve(place, private=False)
    assert resolve(place, private=True)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "203.0.114.1", "10.0.0.1")
    with pytest.raises(DestinationError):
        resolve(Place("robot.example", 443, encrypted=True), private=False)


def test_a_public_address_is_called_by_tls_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "1.1.1.1")
    assert resolve(Place("robot.example", 443, encrypted=True), private=False) == "1.1.1.1"
    with pytest.raises(DestinationError, match="TLS"):
        resolve(Place("robot.example", 80, encrypted=False), private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://robot.example/x",
        "ftp://robot.example/x",
        "https://",
        "https://[::1",
        "https://a:b@robot.example",
    ],
)
def test_a_wrong_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(DestinationError) as caught:
        place_of(url, private=False)
    assert "robot.example" not in str(caught.value)


def test_an_address_is_taken_apart() -> None:
    assert place_of("https://robot.example/x?y=z", private=False) == Place(
        "robot.example", 443, encrypted=True
    )
    assert place_of("http://10.0.0.1:8080/", private=True) == Place("10.0.0.1", 8080, encrypted=False)
