"""`python -m bench.warnings`: how long after a commit a warning reaches a console and a robot.

Each sample sells an item out. From the answer of that hold, which follows the commit, it is timed until the
feed tells of the document `warning`, and until a webhook on this machine has the message. Quiet, and beside
holds as fast as they go; at the end a thousand items run out at once.
"""

import argparse
import json
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from pathlib import Path
from typing import Any

from .load import load
from .services import HOST, KEY, call, holdfast

UNITS = 1_000
STORM = 1_000
WAIT_S = 30.0


class Ears:
    """What the feed and the robot told, by item, and when."""

    def __init__(self) -> None:
        self.feed: dict[str, float] = {}
        self.robot: dict[str, float] = {}
        self.messages = 0
        self.changed = threading.Condition()

    def hear(self, found: dict[str, float], skus: list[str]) -> None:
        now_s = time.monotonic()
        with self.changed:
            for sku in skus:
                found.setdefault(sku, now_s)
            self.changed.notify_all()

    def wait(self, found: dict[str, float], sku: str) -> float:
        with self.changed:
            if not self.changed.wait_for(lambda: sku in found, WAIT_S):
                raise SystemExit(f"nothing was told of {sku} within {WAIT_S} s")
            return found[sku]


@contextmanager
def robot(ears: Ears) -> Iterator[int]:
    """A webhook that takes everything; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            ears.messages += 1
            ears.hear(ears.robot, [each["sku"] for each in body["data"]["warnings"]])
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer((HOST, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def listen(port: int, ears: Ears) -> None:
    """Read the feed for ever."""
    request = urllib.request.Request(
        f"http://{HOST}:{port}/v1/feed?documents=true", headers={"Authorization": f"Bearer {KEY}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=600) as answer:
            for line in answer:
                if line.startswith(b"data:") and b'"kind":"warning"' in line:
                    ears.hear(ears.feed, [json.loads(line[5:])["id"]])
    except OSError:
        return


def stock(port: int, sku: str) -> None:
    call(port, "PUT", f"/v1/skus/{sku}", {"name": sku})
    body = {"id": f"in-{sku}", "sku": sku, "from": "supplier", "to": "channel:shop", "quantity": UNITS}
    call(port, "POST", "/v1/transfers", body | {"reason": "bench"})


def sell_out(port: int, sku: str) -> float:
    """When the hold that took the last unit was answered."""
    lines = [{"sku": sku, "quantity": UNITS}]
    call(port, "POST", "/v1/holds", {"id": f"h-{sku}", "channel": "shop", "buyer": sku, "lines": lines})
    return time.monotonic()


def lags(port: int, ears: Ears, name: str, samples: int) -> tuple[list[float], list[float]]:
    """Seconds to the feed and to the robot."""
    skus = [f"{name}-{number}" for number in range(samples)]
    for sku in skus:
        stock(port, sku)
    time.sleep(1.5)
    feed, robots = [], []
    for sku in skus:
        at_s = sell_out(port, sku)
        feed.append(ears.wait(ears.feed, sku) - at_s)
        robots.append(ears.wait(ears.robot, sku) - at_s)
    return feed, robots


def row(name: str, values: list[float]) -> str:
    """Nearest rank."""
    ordered = sorted(values)
    p50, p99 = (ordered[ceil(share * len(ordered)) - 1] for share in (0.5, 0.99))
    return f"| {name} | {p50 * 1e3:,.0f} | {p99 * 1e3:,.0f} | {ordered[-1] * 1e3:,.0f} |"


def storm(port: int, ears: Ears) -> str:
    skus = [f"storm-{number}" for number in range(STORM)]
    for sku in skus:
        stock(port, sku)
    time.sleep(1.5)
    before = ears.messages
    holds = [
        {"id": f"h-{sku}", "channel": "shop", "buyer": sku, "lines": [{"sku": sku, "quantity": UNITS}]}
        for sku in skus
    ]
    call(port, "POST", "/v1/holds/batch", {"holds": holds})
    at_s = time.monotonic()
    last_feed = max(ears.wait(ears.feed, sku) for sku in skus) - at_s
    last_robot = max(ears.wait(ears.robot, sku) for sku in skus) - at_s
    messages = ears.messages - before
    heard = f"last in the feed {last_feed:.2f} s, at the webhook {last_robot:.2f} s"
    return f"storm of {STORM}: {heard}, {messages} requests"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=20)
    parser.add_argument("--port", type=int, default=18_480)
    arguments = parser.parse_args()
    ears = Ears()
    with tempfile.TemporaryDirectory() as folder, robot(ears) as robot_port:
        Path(folder, "holdfast.toml").write_text("private_destinations = true\n")
        with holdfast(Path(folder), arguments.port, 1) as service:
            port = service.port
            body = {
                "name": "bench",
                "kind": "webhook",
                "address": f"http://{HOST}:{robot_port}/",
                "secret": "whsec_" + "A" * 32,
            }
            call(port, "PUT", "/v1/destinations/bench", body)
            threading.Thread(target=listen, args=(port, ears), daemon=True).start()
            print("| commit → | p50 ms | p99 ms | max ms |\n|---|---:|---:|---:|")
            feed, robots = lags(port, ears, "quiet", arguments.samples)
            print(row("feed, quiet", feed), row("robot, quiet", robots), sep="\n", flush=True)
            seconds = int(arguments.samples * 1.6) + 4
            found: list[float] = []
            worker = threading.Thread(target=lambda: found.append(load(service, 64, seconds).rate))
            worker.start()
            feed, robots = lags(port, ears, "busy", arguments.samples)
            print(row("feed, full load", feed), row("robot, full load", robots), sep="\n", flush=True)
            worker.join()
            print(f"load: {found[0]:,.0f} holds/s")
            print(storm(port, ears))


if __name__ == "__main__":
    main()
