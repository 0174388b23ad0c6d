"""Letters to a real SMTP server on this machine: taken, refused, not there."""

import asyncio
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from holdfast.operations.destinations.model import Destination
from tests.fakes.memory_store import MemoryFile
from tests.operations.destinations.office import Office, Time, office, warning

PASSWORD = "app-password-that-nobody-may-see"


class Post(socketserver.ThreadingTCPServer):
    """Speaks enough SMTP; `login` is what it answers to AUTH."""

    daemon_threads = True
    letters: list[str]
    login = "235 ok"


class Talk(socketserver.StreamRequestHandler):
    server: Post

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "EHLO":
                self.say("250-here")
                self.say("250 AUTH PLAIN")
            elif word == "AUTH":
                self.say(self.server.login)
            elif word == "DATA":
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    lines.append(part)
                self.server.letters.append("\n".join(lines))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


@contextmanager
def post_office() -> Iterator[Post]:
    server = Post(("127.0.0.1", 0), Talk)
    server.letters = []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


async def add(found: Office, port: int, security: str = "plain") -> None:
    secrets = {
        "host": "127.0.0.1",
        "port": str(port),
        "security": security,
        "user": "ann",
        "password": PASSWORD,
        "sender": "stock@example.cn",
        "to": "a@example.cn, b@example.cn",
    }
    destination = Destination("值班", "email", found.desk.seal(secrets), "127.0.0.1", language="en")
    await found.desk.put("mail", destination, "ann", "r1")


def test_a_letter_arrives_with_a_stable_id() -> None:
    async def run() -> None:
        with post_office() as server:
            async with office(MemoryFile(), Time()) as found:
                await add(found, server.server_address[1])
                await found.tell(warning("COLA", found.time()))
                await found.delivered("mail")
                (letter,) = server.letters
                assert "To: a@example.cn, b@example.cn" in letter
                assert "Message-ID: <ntc_" in letter

    asyncio.run(run())


def test_a_refused_login_and_a_server_without_tls_are_told_in_words() -> None:
    async def run() -> None:
        with post_office() as server:
            server.login = "535 bad credentials"
            async with office(MemoryFile(), Time()) as found:
                await add(found, server.server_address[1])
                tested = await found.desk.test("mail", "ann", "r2")
                assert (tested.answer.verdict, tested.answer.code) == ("refused", "535")
                assert "授权码" in tested.words.zh
                assert PASSWORD not in repr(tested)
                await add(found, server.server_address[1], "starttls")
                tested = await found.desk.test("mail", "ann", "r3")
                assert tested.answer.verdict == "refused"
                assert server.letters == []

    asyncio.run(run())
