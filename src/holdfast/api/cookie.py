"""The cookie of a console session, and what keeps other sites and other ports from using it.

`SameSite=Strict` keeps foreign sites out, but another port of this host is the same site: a write therefore
also needs a header that no page of another origin can send without a permission that is never given.
"""

from collections.abc import Iterable
from typing import Any

from holdfast.live.keys import Principal
from holdfast.live.sessions import SESSION_S, Session, Sessions

from .fields import Failed

COOKIE = "holdfast_session"
WRITE_HEADER = "X-Holdfast-Console"
_WRITE_HEADER = WRITE_HEADER.lower().encode()

_Headers = Iterable[tuple[bytes, bytes]]


def session_of(sessions: Sessions, headers: _Headers) -> Session | None:
    """The session that a request's cookie proves, if there is one."""
    for name, value in headers:
        if name == b"cookie":
            for part in value.decode("latin-1").split(";"):
                key, _, token = part.strip().partition("=")
                if key == COOKIE:
                    return sessions.find(token)
    return None


def principal_of_cookie(sessions: Sessions, scope: dict[str, Any], *, writes: bool) -> Principal | None:
    """Who asks, by the cookie; raises Failed for a write that the console did not make."""
    session = session_of(sessions, scope["headers"])
    if session is None:
        return None
    if writes:
        require_write_header(scope["headers"])
    return session.principal


def require_write_header(headers: _Headers) -> None:
    """Raise Failed unless the request carries the console's own header."""
    if not any(name == _WRITE_HEADER for name, _ in headers):
        raise Failed("forbidden", f"with a session a write needs the header `{WRITE_HEADER}: 1`")


def cookie_header(token: str, headers: _Headers) -> tuple[bytes, bytes]:
    """`Set-Cookie` for a new session, or with an empty token the one that ends it."""
    secure = any(name == b"x-forwarded-proto" and value == b"https" for name, value in headers)
    words = [
        f"{COOKIE}={token}",
        "Path=/",
        f"Max-Age={SESSION_S if token else 0}",
        "HttpOnly",
        "SameSite=Strict",
        *(["Secure"] if secure else []),
    ]
    return b"set-cookie", "; ".join(words).encode("ascii")
