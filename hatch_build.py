"""The wheel's build hook: a wheel carries the console ready-made."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConsoleHook(BuildHookInterface[Any]):
    """Builds the console before a wheel is put together; `make console` does it for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless the install is editable."""
        if version != "editable":
            runpy.run_path(str(Path(self.root, "console", "build.py")))["build"]()
