"""A thousand viewers of an overlay in one process: sockets that only read, and note when they were told what.

`python -m bench.viewers PORT PATH COUNT RESULT` says `ready` when all have their first event, and on the end
of its standard input writes for each viewer the moments of the probe's values to the file RESULT.
"""

import json
import re
import selectors
import socket
import sys
import time
from pathlib import Path

from .services import HOST

PROBE = re.compile(rb'"position":1,"name":"[^"]*","remaining":(\d+)')
CONNECT_PAUSE_S = 0.0005


def main() -> None:
    """Connect, read until told to stop, write what was seen."""
    port, path, count, result = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    chosen = selectors.DefaultSelector()
    request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/event-stream\r\n\r\n".encode()
    seen: list[list[tuple[int, int]]] = []
    for number in range(count):
        viewer = socket.create_connection((HOST, port), timeout=20)
        viewer.sendall(request)
        viewer.setblocking(False)
        seen.append([])
        chosen.register(viewer, selectors.EVENT_READ, number)
        time.sleep(CONNECT_PAUSE_S)
    chosen.register(sys.stdin, selectors.EVENT_READ, -1)
    began, events, told = 0, 0, False
    while True:
        for key, _ in chosen.select():
            if key.data == -1:
                result.write_text(json.dumps({"seen": seen, "events": events}), encoding="ascii")
                return
            data = key.fileobj.recv(65_536)  # type: ignore[union-attr]
            if not data:
                raise SystemExit("the server hung up on a viewer")
            now = time.monotonic_ns()
            events += data.count(b"\ndata: ")
            if data.startswith(b"HTTP/1.1 200"):
                began += 1
            # Values come in order, so the last one in a packet stands for all before it.
            found = PROBE.findall(data)
            if found:
                seen[key.data].append((now, int(found[-1])))
        if began == count and not told:
            told = True
            print("ready", flush=True)


if __name__ == "__main__":
    main()
