"""The platforms there are: every folder beside this file that offers `MANIFEST` and `connect`."""

import pkgutil
from functools import cache
from importlib import import_module
from typing import NamedTuple

import holdfast.channels

from .adapter import Connect
from .manifest import Manifest


class Platform(NamedTuple):
    """A kind of site that a channel can be on."""

    manifest: Manifest
    connect: Connect


@cache
def platforms() -> dict[str, Platform]:
    """All of them by name; they are imported at the first call."""
    found = {}
    for module in pkgutil.iter_modules(holdfast.channels.__path__, "holdfast.channels."):
        if module.ispkg:
            folder = import_module(module.name)
            found[folder.MANIFEST.platform] = Platform(folder.MANIFEST, folder.connect)
    return dict(sorted(found.items()))
