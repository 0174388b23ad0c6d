"""Stand-ins for robots: real HTTP servers that check signatures and answer like the vendors."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "SEC-of-the-robot"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
TOKEN = "token-that-nobody-may-see"


@dataclass(frozen=True)
class Call:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


Reply = tuple[int, dict[str, str], str]


@dataclass
class Robot:
    """Answers with what is scripted, then as `usual` says; `taken` are the calls it took."""

    usual: Callable[[Call], Reply]
    script: list[Reply] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    taken: list[Call] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def answer(self, call: Call) -> Reply:
        self.calls.append(call)
        if self.script:
            return self.script.pop(0)
        reply = self.usual(call)
        if reply[0] == 200 and ('":0' in reply[2] or reply[2] == "ok"):
            self.taken.append(call)
            self.arrived.set()
        return reply

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def ok(code: str = "errcode", words: str = "errmsg") -> Reply:
    return 200, {}, json.dumps({code: 0, words: "ok"}, separators=(",", ":"))


def dingtalk(call: Call) -> Reply:
    """Takes what is signed with the time and the secret."""
    found = call.query
    message = f"{found.get('timestamp')}\n{SECRET}".encode()
    wanted = base64.b64encode(hmac.digest(SECRET.encode(), message, hashlib.sha256)).decode()
    if found.get("sign") != wanted or found.get("access_token") != TOKEN:
        return 200, {}, '{"errcode":310000,"errmsg":"sign not match"}'
    return ok()


def feishu(call: Call) -> Reply:
    """The time and the secret are the key, the message is empty."""
    key = f"{call.json.get('timestamp')}\n{SECRET}".encode()
    wanted = base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()
    if call.json.get("sign") != wanted:
        return 200, {}, '{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}'
    return ok("code", "msg")


def wecom(call: Call) -> Reply:
    """The key in the address is all."""
    if call.query.get("key") != TOKEN:
        return 200, {}, '{"errcode":93000,"errmsg":"invalid webhook url"}'
    return ok()


def slack(call: Call) -> Reply:
    """The path is all."""
    return (200, {}, "ok") if call.path.endswith(TOKEN) else (403, {}, "invalid_token")


def webhook(call: Call) -> Reply:
    """Checks the signature of Standard Webhooks over the body as it came."""
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    wanted = base64.b64encode(hmac.digest(b"k" * 24, signed, hashlib.sha256)).decode()
    if f"v1,{wanted}" not in call.headers["webhook-signature"].split():
        return 401, {}, "bad signature"
    return 200, {}, "ok"


@contextmanager
def serving(usual: Callable[[Call], Reply]) -> Iterator[Robot]:
    """Run it on a free port."""
    robot = Robot(usual)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, text = robot.answer(Call(self.path, headers, body))
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    robot.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield robot
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
