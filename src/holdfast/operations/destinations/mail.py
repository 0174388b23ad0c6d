"""E-mail by SMTP: STARTTLS or TLS from the beginning; everything here blocks and runs on a thread."""

import smtplib
import socket
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate

from holdfast.operations.notices import Answer, Notice, Verdict

from .address import Place, resolve

STARTTLS, TLS, PLAIN = "starttls", "tls", "plain"
TIMEOUT_S = 10.0
_ROBOT = "holdfast"


def message_of(notice: Notice, mail: Mapping[str, str], message_id: str) -> EmailMessage:
    """The letter; a repeat has the same Message-ID."""
    found = EmailMessage()
    found["Subject"] = " ".join(notice.title.split())
    found["From"] = mail["sender"]
    found["To"] = mail["to"]
    found["Date"] = formatdate()
    found["Message-ID"] = f"<{message_id}@{_ROBOT}>"
    found["Auto-Submitted"] = "auto-generated"
    found.set_content("\n".join(notice.lines) or notice.title)
    return found


def send(message: EmailMessage, mail: Mapping[str, str], *, private: bool) -> Answer:
    """Hand it to the server; raises DestinationError, OSError and smtplib.SMTPException."""
    security = mail["security"]
    place = Place(mail["host"], int(mail["port"]), security != PLAIN)
    address = resolve(place, private=private)
    context = ssl.create_default_context()
    with _connect(place, address, security, context) as server:
        if security == STARTTLS:
            server.starttls(context=context)
        if mail.get("user"):
            server.login(mail["user"], mail.get("password", ""))
        server.send_message(message)
    return Answer(Verdict.TAKEN, "250")


def refusal(error: smtplib.SMTPException) -> Answer:
    """What a server's refusal means: 4xx is worth another try."""
    code = getattr(error, "smtp_code", 0)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min((found[0] for found in error.recipients.values()), default=550)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        code = 502
    verdict = Verdict.REFUSED if code >= 500 else Verdict.UNKNOWN
    return Answer(verdict, str(code) if code else "", type(error).__name__)


class _Pinned(smtplib.SMTP):
    """Connects to the address that was checked; TLS still asks for the host's certificate."""

    pinned = ""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self.pinned, port), timeout)


class _PinnedTls(smtplib.SMTP_SSL, _Pinned):
    """The same with TLS from the beginning."""


def _connect(place: Place, address: str, security: str, context: ssl.SSLContext) -> smtplib.SMTP:
    tls = security == TLS
    server = _PinnedTls(timeout=TIMEOUT_S, context=context) if tls else _Pinned(timeout=TIMEOUT_S)
    server.pinned = address
    # The host's name is what TLS compares the certificate with; `connect` alone does not keep it.
    server._host = place.host  # type: ignore[attr-defined]
    server.connect(place.host, place.port)
    return server
