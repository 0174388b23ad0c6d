import os
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.api.running import RunningServer
from tests.browser.room import Room
from tests.docs.surface import ROOT

# Where Chromium comes without its windows, too, that one: the same engine for two thirds of the time.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)


@pytest.fixture(scope="session")
def console() -> None:
    """The console as it is built from these sources."""
    runpy.run_path(str(ROOT / "console" / "build.py"))["build"]()


# For one module only: while Playwright runs, no other test can start an event loop on this thread.
@pytest.fixture(scope="module")
def browser(console: None) -> Iterator[Browser]:
    """The system's Chromium; without one these tests are skipped, but never on the build machine."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        message = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start for root, who runs the build machine.
        sandbox = [] if os.geteuid() else ["--no-sandbox"]
        running = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield running
        running.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with RunningServer(tmp_path / "holdfast.db") as running:
        yield running


@pytest.fixture
def room(browser: Browser, server: RunningServer) -> Iterator[Room]:
    """A browser at the door; whatever it complained of fails the test in the end."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(10_000)
    made = Room(context.new_page(), server.url)
    yield made
    context.close()
    assert not made.complaints
