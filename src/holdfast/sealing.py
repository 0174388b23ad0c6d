"""Secrets of platforms at rest: sealed with a key that is not in the store, so its copy tells nothing."""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

KEY_BYTES = 32
MAKE_ONE = "make one with `openssl rand -base64 32`"


class SealingError(Exception):
    """Secrets that cannot be sealed or opened; the message says what to do and carries none of them."""


class Sealer:
    """Seals and opens the secrets of one store.

    The first key seals, all of them open: put a new key in front of the old one to change it. Keys come from
    the setting `secret_key`, separated by commas, else from the lines of the key file, which is made at the
    first need.
    """

    def __init__(self, secret_key: str, key_file: Path) -> None:
        self._given = secret_key
        self._file = key_file
        self._lock = Lock()
        self._keys: MultiFernet | None = None
        self._raw: list[bytes] = []

    def __repr__(self) -> str:
        return f"Sealer({'the setting secret_key' if self._given else self._file})"

    def seal(self, secrets: Mapping[str, str]) -> bytes:
        """Encrypt named secrets; makes the key file if there is no key yet. Raises SealingError."""
        return self._ring(make=True).encrypt(msgspec.json.encode(dict(secrets)))

    def open(self, sealed: bytes) -> dict[str, str]:
        """The secrets of `seal`; raises SealingError when no key of ours fits."""
        try:
            plain = self._ring(make=False).decrypt(sealed)
        except InvalidToken:
            raise SealingError(
                f"the stored secrets were not sealed with the key in {self._place()}. Put the old key back "
                "(behind a comma or on a second line beside the new one), or connect the channel again"
            ) from None
        return msgspec.json.decode(plain, type=dict[str, str])

    def derive(self, purpose: str) -> list[bytes]:
        """A key for another purpose from each of ours, the one to use first; raises SealingError."""
        self._ring(make=True)
        return [hmac.digest(key, purpose.encode(), "sha256") for key in self._raw]

    def _place(self) -> str:
        return "the setting secret_key (HOLDFAST_SECRET_KEY)" if self._given else str(self._file)

    def _ring(self, *, make: bool) -> MultiFernet:
        with self._lock:
            if self._keys is None:
                words = self._given.split(",") if self._given else self._lines(make=make)
                raw = [_key(word, self._place()) for word in map(str.strip, words) if word]
                if not raw:
                    raise SealingError(f"there is no key in {self._place()}: {MAKE_ONE}")
                self._raw = raw
                self._keys = MultiFernet([Fernet(key) for key in raw])
            return self._keys

    def _lines(self, *, make: bool) -> list[str]:
        try:
            if make:
                _make(self._file)
            return self._file.read_text(encoding="ascii").split()
        except FileNotFoundError:
            raise SealingError(
                f"the key file {self._file} is gone, and the stored secrets cannot be read without it. "
                "Put it back from a backup, set HOLDFAST_SECRET_KEY, or connect the channel again"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SealingError(
                f"the key file {self._file} cannot be used ({type(error).__name__}): it has to be "
                "readable by the server and hold one key a line"
            ) from None


def _key(text: str, place: str) -> bytes:
    """A key in either alphabet of base64."""
    try:
        raw = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise SealingError(f"{place} holds no key: it has to be {KEY_BYTES} bytes in base64, {MAKE_ONE}")
    return base64.urlsafe_b64encode(raw)


def _make(path: Path) -> None:
    """Make the key file unless it is there; whole or not at all, and only for its owner to read."""
    if path.exists():
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600, exist_ok=False)
        with part.open("wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, not a rename: of two processes that make it at once, one wins and both use its key.
        try:
            os.link(part, path)
        except FileExistsError:
            return
    finally:
        part.unlink(missing_ok=True)
