"""The page of the platforms says what their manifests say, and each folder has what a platform needs."""

import importlib
from pathlib import Path

import pytest

from tests.docs.channel_matrix import PAGE, manifests, page

ADAPTER_LINES_MAX = 600


def folder(platform: str) -> Path:
    path = importlib.import_module(f"holdfast.channels.{platform}").__file__
    assert path is not None
    return Path(path).parent


@pytest.fixture(params=[manifest.platform for manifest in manifests()])
def platform(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_the_page_is_what_the_manifests_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.docs.channel_matrix"


def test_a_platform_has_the_name_of_its_folder_and_can_be_connected(platform: str) -> None:
    assert folder(platform).name == platform
    assert callable(importlib.import_module(f"holdfast.channels.{platform}").connect)


def test_an_adapter_keeps_within_its_size(platform: str) -> None:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in folder(platform).rglob("*.py"))
    assert lines <= ADAPTER_LINES_MAX, f"{platform} has {lines} lines"


def test_every_setting_of_an_adapter_is_in_its_readme(platform: str) -> None:
    manifest = importlib.import_module(f"holdfast.channels.{platform}.manifest")
    readme = folder(platform).joinpath("README.md").read_text(encoding="utf-8")
    missing = [name for name in getattr(manifest, "SETTINGS", ()) if f"`{name}`" not in readme]
    assert not missing, f"the README of {platform} does not tell of {missing}"
