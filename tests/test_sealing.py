"""Secrets at rest: what is sealed opens with the right key only, and no message tells any."""

import base64
import os
import stat
from pathlib import Path

import pytest

from holdfast.sealing import Sealer, SealingError

SECRETS = {"app_secret": "s3cr3t-of-the-shop", "sign": "密"}


def key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def test_the_key_file_is_made_at_the_first_need_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    sealer = Sealer("", path)
    assert not path.exists()
    sealed = sealer.seal(SECRETS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"s3cr3t" not in sealed
    assert Sealer("", path).open(sealed) == SECRETS
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_a_key_that_is_there_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_text(key() + "\n")
    before = path.read_bytes()
    Sealer("", path).seal(SECRETS)
    assert path.read_bytes() == before


def test_the_setting_wins_and_makes_no_file(tmp_path: Path) -> None:
    given = key()
    sealed = Sealer(given, tmp_path / "secret.key").seal(SECRETS)
    assert not list(tmp_path.iterdir())
    assert Sealer(given, tmp_path / "secret.key").open(sealed) == SECRETS


def test_a_new_key_in_front_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    old, new = key(), key()
    path = tmp_path / "secret.key"
    sealed = Sealer(old, path).seal(SECRETS)
    both = Sealer(f"{new}, {old}", path)
    assert both.open(sealed) == SECRETS
    assert Sealer(new, path).open(both.seal(SECRETS)) == SECRETS


def test_a_wrong_key_says_what_to_do_and_tells_nothing(tmp_path: Path) -> None:
    right, wrong = key(), key()
    sealed = Sealer(right, tmp_path / "secret.key").seal(SECRETS)
    with pytest.raises(SealingError, match="Put the old key back") as caught:
        Sealer(wrong, tmp_path / "secret.key").open(sealed)
    assert wrong not in str(caught.value)
    with pytest.raises(SealingError, match="gone"):
        Sealer("", tmp_path / "secret.key").open(sealed)
    assert not list(tmp_path.iterdir()), "opening makes no key"


@pytest.mark.parametrize("text", ["short", "a" * 44, "密钥", ",", base64.b64encode(b"x" * 31).decode()])
def test_what_is_no_key_is_told_without_showing_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(SealingError, match="openssl rand") as caught:
        Sealer(text, tmp_path / "secret.key").seal(SECRETS)
    assert text == "," or text not in str(caught.value)
    assert text == "," or text not in repr(Sealer(text, tmp_path / "secret.key"))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SealingError):
        Sealer("", tmp_path / "missing" / "secret.key").seal(SECRETS)
