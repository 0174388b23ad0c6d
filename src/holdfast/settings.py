"""Settings: `holdfast.toml`, then `HOLDFAST_…` in the environment, then flags; the later wins."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

FILE_NAME = "holdfast.toml"
ENVIRONMENT_PREFIX = "HOLDFAST_"
SECRET_SETTINGS = ("api_key", "secret_key")
_PASSWORD = re.compile(r"(?<=://)([^:@/]*):[^@]*@|(?<=password=)[^&]+")


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what would do."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that can be set; each field is a key of the file and `HOLDFAST_` + its name in capitals."""

    host: str = "127.0.0.1"
    port: int = 8080
    store: str = ""
    api_key: str = ""
    secret_key: str = ""
    queue_max: int = 20_000
    overlay_viewers_max: int = 2_000
    log_level: str = "info"
    log_format: str = "auto"
    audit: bool = True
    private_destinations: bool = False
    push_keep_days: Annotated[int, msgspec.Meta(ge=0)] = 30
    role: Literal["all", "api", "worker"] = "all"
    replica_url: str = ""

    def __repr__(self) -> str:
        hidden = {name: "…" for name in SECRET_SETTINGS if getattr(self, name)}
        hidden["store"] = _PASSWORD.sub(lambda found: f"{found[1]}:…@" if found[1] else "…", self.store)
        values = {name: getattr(self, name) for name in self.__struct_fields__} | hidden
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in values.items())})"

    def store_url(self) -> str:
        """The store's URL; without one a file in the data directory."""
        return self.store or f"sqlite:///{data_directory() / 'holdfast.db'}"


def data_directory() -> Path:
    """`$XDG_DATA_HOME/holdfast`, by default `~/.local/share/holdfast`; made by the first `serve`."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "holdfast"


def load_settings(
    flags: Mapping[str, object], environment: Mapping[str, str], file: Path | None = None
) -> Settings:
    """Put the three sources together; flags that are None were not given. Raises SettingsError."""
    values: dict[str, object] = {}
    path = file or Path(environment.get("HOLDFAST_CONFIG", FILE_NAME))
    if path.exists():
        try:
            values |= tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path} is no TOML: {error}") from error
    for name in Settings.__struct_fields__:
        text = environment.get(ENVIRONMENT_PREFIX + name.upper())
        if text is not None:
            values[name] = text
    values |= {name: value for name, value in flags.items() if value is not None}
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"settings: {error}") from error
