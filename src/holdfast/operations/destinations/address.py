"""Addresses that may be called: by https, and none inside our own network unless a setting allows it.

A name is looked up once for each request, every address it has is checked, and the request goes to an
address that was checked: a name that changes its address in between (DNS rebinding) gains nothing. TLS
still asks for the certificate of the name. No redirect is followed and no proxy of the environment is used.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from .model import DestinationError

_SCHEMES = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Place:
    """A host and a port as people wrote them."""

    host: str
    port: int
    encrypted: bool


def place_of(url: str, *, private: bool) -> Place:
    """Where an address leads; raises DestinationError that does not repeat it, since it is a secret."""
    try:
        parts: SplitResult = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise DestinationError(
            "the address cannot be read; copy it from the robot's page", "address"
        ) from None
    if parts.scheme not in (("https", "http") if private else ("https",)) or not host:
        raise DestinationError("the address has to begin with https://", "address")
    if parts.username is not None or parts.password is not None:
        raise DestinationError("a name and a password do not belong into the address", "address")
    return Place(host, port or _SCHEMES[parts.scheme], parts.scheme == "https")


def resolve(place: Place, *, private: bool) -> str:
    """An address of the place that may be called; blocks. Raises DestinationError, and OSError if unknown."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise DestinationError("the address has a name that cannot be one", "address") from None
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    public = all(_is_public(address) for address in addresses)
    if not public and not private:
        raise DestinationError(
            f"{place.host} is inside a private network; the setting private_destinations allows that",
            "address",
        )
    if public and not place.encrypted:
        raise DestinationError("a plain connection is for a private network only; use TLS", "address")
    return str(addresses[0])


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Global and one machine's; of an IPv6 address that wraps an IPv4 one, the inner one counts."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return _is_public(inner)
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast
