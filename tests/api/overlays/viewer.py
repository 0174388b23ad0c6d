"""A viewer of an overlay for tests: the events it was sent, and the picture it makes of them."""

import json
from typing import Any

from tests.api.running import RunningServer
from tests.api.watching import EventStream


class OverlayViewer(EventStream):
    """Reads an overlay's feed on a thread, with no key."""

    def __init__(self, server: RunningServer, token: str, state_id: str = "") -> None:
        headers = {"last-event-id": state_id} if state_id else {}
        super().__init__(server, f"/overlay/{token}/feed", headers)
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.state_id = state_id
        self.items: dict[int, dict[str, Any]] = {}

    def numbers(self) -> list[tuple[int, int, str]]:
        """Remaining, total and state of each item, in their order."""
        found = [self.items[position] for position in sorted(self.items)]
        return [(item["remaining"], item["total"], item["state"]) for item in found]

    def _take(self, block: dict[str, str]) -> None:
        if "event" not in block:
            return
        document = json.loads(block["data"])
        if block["event"] == "snapshot":
            self.items = {}
        for item in document.get("items", []):
            self.items[item["position"]] = item
        self.state_id = block.get("id", self.state_id)
        self.events.append((block["event"], document))
