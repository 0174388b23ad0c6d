"""The control room as a test walks it: what it reads off the screen and which keys it presses."""

import json
import re

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from holdfast.api.cookie import WRITE_HEADER
from tests.api.running import KEY

CONNECTED = re.compile("^(已连接|Connected)$")


class Room:
    """One browser on the console, in Chinese unless it was switched."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.forgiven: tuple[str, ...] = ()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(word in message.text for word in self.forgiven):
            self.complaints.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def enter(self, path: str = "", *, key: str = KEY) -> None:
        """Open a page of the console with a session of this key; the door's own form is test_door's."""
        self.signs_in(key)
        self.opens(path)

    def signs_in(self, key: str = KEY) -> None:
        """Give the browser the cookie of a session, before any page."""
        answer = self.page.request.post(
            f"{self.url}/v1/session", data={"key": key}, headers={WRITE_HEADER: "1"}
        )
        assert answer.status == 201, answer.text()

    def opens(self, path: str) -> None:
        """Come to a page of the console by its address and wait for the feed."""
        self.page.goto(f"{self.url}/console/{path}")
        # The first load of a cold browser on a busy machine, as long as every other first step may take.
        expect(self.page.get_by_test_id("line")).to_have_text(CONNECTED, timeout=10_000)

    def prefers(self, *, language: str = "zh", theme: str = "dark") -> None:
        """Have chosen these before: to be called ahead of the first page."""
        chosen = {"holdfast.language": language, "holdfast.theme": theme}
        self.page.add_init_script(
            f"for (const [name, value] of Object.entries({json.dumps(chosen)}))"
            " localStorage.getItem(name) ?? localStorage.setItem(name, value);"
        )

    def row(self, sku: str) -> Locator:
        """An item's line."""
        return self.page.locator(f'[role="row"][data-sku="{sku}"]')

    def number(self, sku: str, name: str, channel: str | None = None) -> Locator:
        """One number of a line, of the item or of one of its channels."""
        place = self.row(sku)
        if channel is not None:
            place = place.locator(f'[data-channel="{channel}"]')
        return place.get_by_test_id(name)

    def sees(self, sku: str, name: str, value: str, channel: str | None = None) -> None:
        """Wait until a number is so."""
        expect(self.number(sku, name, channel)).to_have_text(value)

    def select(self, sku: str) -> None:
        """Choose a line."""
        self.row(sku).click()
        expect(self.row(sku)).to_have_attribute("aria-selected", "true")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def preflight(self) -> Locator:
        """The line that says what a move will change."""
        return self.page.get_by_test_id("preflight")

    @property
    def recent(self) -> Locator:
        """The moves done last, the newest first."""
        return self.page.locator(".recent-move")
