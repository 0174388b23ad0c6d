"""uvicorn as we run it: it tells its address once it listens, and lets watchers go before it waits."""

import gc
import socket
from typing import Any

import click
import uvicorn

from holdfast.api.asgi import Application
from holdfast.api.console import is_built
from holdfast.app import Holdfast

from .protocol import DirectProtocol

GRACE_S = 10
KEEP_ALIVE_S = 75


def server_config(holdfast: Holdfast, host: str, port: int, **changes: Any) -> uvicorn.Config:
    """The server's configuration; `changes` are for tests."""
    values: dict[str, Any] = {
        "host": host,
        "port": port,
        "loop": "uvloop",
        "http": DirectProtocol,
        "access_log": False,
        "log_config": None,
        "lifespan": "on",
        "timeout_graceful_shutdown": GRACE_S,
        "timeout_keep_alive": KEEP_ALIVE_S,
        # Nobody asks for a client's address, so the headers that proxies put it in are left alone.
        "proxy_headers": False,
        "server_header": False,
        "date_header": False,
        "ws": "none",
    }
    return uvicorn.Config(Application(holdfast), **{**values, **changes})


class Server(uvicorn.Server):
    """The server of one running Holdfast."""

    def __init__(self, config: uvicorn.Config, holdfast: Holdfast) -> None:
        super().__init__(config)
        self._holdfast = holdfast
        self.failed = False
        """Whether it went down by itself."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say where."""
        await super().startup(sockets)
        if not self.started:
            return
        # What lives now lives for good: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        port = self.servers[0].sockets[0].getsockname()[1]
        replica = self._holdfast.replica
        if replica is not None:
            replica.url = replica.url or reachable(self.config.host, port)
            replica.ended = self._end
            if replica.lost:
                self._end()
        link = self._holdfast.sessions.new_link() if is_built() else None
        _announce(self.config.host, port, link, self._holdfast.first_key)

    def _end(self) -> None:
        """Go down, and say that it was not asked for, so that a supervisor starts this server anew."""
        self.failed = self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Watchers never end by themselves, so they are let go first."""
        self._holdfast.feed.close()
        await super().shutdown(sockets)


def reachable(host: str, port: int) -> str:
    """Where other servers reach one that listens on `host`; for all addresses it is that of its name."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = socket.gethostbyname(socket.gethostname())
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _announce(host: str, port: int, link: str | None, key: str | None) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Holdfast serves http://{shown}:{port}  (reference: /docs, metrics: /metrics)", err=True)
    if link is None:
        click.echo(
            "The console is not built; run `make console` 控制台尚未构建，请运行 make console", err=True
        )
    else:
        # The token stands behind the #, which no browser sends: it reaches no log of a proxy.
        here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, shown)  # noqa: S104 - compared, not bound
        click.echo(
            f"Console 控制台: http://{here}:{port}/console/#link={link}\n"
            "  (opens one session, within 10 minutes 链接仅可使用一次，10 分钟内有效)",
            err=True,
        )
    if key is not None:
        click.echo(
            "\n  Administrator key, shown only now; keep it safe 管理员密钥，仅显示这一次:\n\n"
            f"      {key}\n\n  export HOLDFAST_API_KEY={key}\n",
            err=True,
        )
