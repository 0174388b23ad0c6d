"""`holdfast serve`: the server."""

import signal
import sys
from typing import Any

import click

from holdfast.cli.common import EXIT_FAILED, settings_from, store_option


@click.command()
@click.option("--host", help="Address to listen on; 127.0.0.1 if not given.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 8080 if not given.")
@store_option
@click.option("--queue-max", type=click.IntRange(1, 1_000_000), help="Commands that may wait; 20000.")
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="What to log; info."
)
@click.option("--log-format", type=click.Choice(["auto", "json", "text"]), help="How to log; auto.")
@click.option(
    "--role",
    type=click.Choice(["all", "api", "worker"]),
    help="Of several servers on one PostgreSQL, what this one does; all.",
)
@click.option("--audit/--no-audit", default=None, help="Compare balances with transfers all the time.")
def serve(**flags: Any) -> None:
    """Run the server until SIGTERM or Ctrl-C. 启动服务。

    Ready when GET /readyz answers 200. The first start on a new store prints an administrator key, once.
    """
    from holdfast.app import Holdfast

    from .logs import set_up_logs
    from .server import Server, server_config

    settings = settings_from(**flags)
    set_up_logs(settings.log_level, settings.log_format)
    try:
        holdfast = Holdfast(settings)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    server = Server(server_config(holdfast, settings.host, settings.port), holdfast)
    # uvicorn stops gracefully and then raises the signal again; a stop that was asked for is a success.
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: None)
    server.run()
    if not server.started or server.failed:
        sys.exit(EXIT_FAILED)
