"""A channel's settings: the adapter's own, and corrections of its manifest by the names of the fields."""

import dataclasses
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, get_type_hints

from .manifest import Manifest

_RATE = {"rate_per_s": "per_s", "rate_burst": "burst"}
_FIXED = {"platform", "title", "title_zh", "uncertain", "rate", "base_url", "secrets"}


class SettingRefused(ValueError):
    """A setting that nobody knows or that cannot be read; the message names it and says what is possible."""


def corrected(manifest: Manifest, settings: Mapping[str, str], own: Collection[str] = ()) -> Manifest:
    """The manifest with what the settings say otherwise; `own` names what the adapter reads itself."""
    hints = get_type_hints(Manifest)
    changes: dict[str, Any] = {}
    rate: dict[str, float] = {}
    for name, text in settings.items():
        if name in own:
            continue
        if name in _RATE:
            rate[_RATE[name]] = _read(name, text, float)
        elif name in hints and name not in _FIXED:
            changes[name] = _read(name, text, hints[name])
        else:
            possible = sorted({*own, *_RATE, *(hints.keys() - _FIXED)})
            raise SettingRefused(f"{manifest.title} has no setting {name}; there are {', '.join(possible)}.")
    if rate:
        changes["rate"] = dataclasses.replace(manifest.rate, **rate)
    return dataclasses.replace(manifest, **changes)


def whole(settings: Mapping[str, str], name: str, default: int) -> int:
    """A setting that is a whole number."""
    return int(_read(name, settings[name], int)) if name in settings else default


def one_of(settings: Mapping[str, str], name: str, possible: Collection[str], default: str) -> str:
    """A setting that is one of a few words."""
    word = settings.get(name, default)
    if word not in possible:
        raise SettingRefused(f"{name} is {word!r}; possible are {', '.join(sorted(possible))}.")
    return word


def _read(name: str, text: str, kind: Any) -> Any:
    try:
        if issubclass(kind, bool):
            return {"yes": True, "true": True, "no": False, "false": False}[text.lower()]
        return kind(text)
    except (KeyError, ValueError):
        wanted = "yes or no" if issubclass(kind, bool) else kind.__name__
        if issubclass(kind, StrEnum):
            wanted = ", ".join(kind)
        raise SettingRefused(f"{name} is {text!r}; it has to be {wanted}.") from None
