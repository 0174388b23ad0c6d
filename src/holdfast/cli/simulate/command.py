"""`holdfast simulate`: one platform's open API on this machine, for as long as the command runs."""

import secrets
import sys
from typing import Any

import click

from holdfast.cli.common import EXIT_FAILED
from holdfast.cli.output import Language, Output, output_options

PORT_DEFAULT = 8090
_SEEDS = 1_000_000


@click.command()
@click.argument("platform")
@click.option("--host", default="127.0.0.1", help="Address to listen on; 127.0.0.1 if not given.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT_DEFAULT,
    help="Port to listen on; 8090 if not given, 0 for any free one.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), help="Decides credentials and chances; drawn if not given."
)
@output_options
def simulate(
    platform: str, host: str, port: int, seed: int | None, as_json: bool, language: Language | None
) -> None:
    """Run a strict local stand-in for the open API of PLATFORM until Ctrl-C. 启动平台模拟器。

    Its credentials are made up. Shop, buyers and bad manners are controlled over HTTP under /_sim.
    """
    from holdfast.simulators.registry import UnknownPlatform, platform_named
    from holdfast.simulators.running import listening, serve
    from holdfast.simulators.simulator import Simulator

    output = Output(as_json=as_json, language=language)
    try:
        kind = platform_named(platform)
    except UnknownPlatform as error:
        raise click.UsageError(str(error)) from error
    seed = secrets.randbelow(_SEEDS) if seed is None else seed
    try:
        socket = listening(host, port)
    except OSError as error:
        output.fail(
            "cannot_listen",
            f"无法监听 {host}:{port}：{error.strerror}；可用 --port 0",
            f"cannot listen on {host}:{port}: {error.strerror}; try --port 0",
        )
    bound = f"[{host}]" if ":" in host else host
    url = f"http://{bound}:{socket.getsockname()[1]}"
    simulator = Simulator(kind, seed)
    document = {**simulator.credentials_at(url), "seed": seed, "control": f"{url}/_sim"}

    def announce() -> None:
        output.emit(document)
        if not as_json:
            _announce(output, kind.title, kind.title_zh, document)

    if not serve(simulator, socket, announce):
        sys.exit(EXIT_FAILED)


def _announce(output: Output, title: str, title_zh: str, document: dict[str, Any]) -> None:
    url, control = document["base_url"], document["control"]
    seed = document["seed"]
    output.say(f"{title_zh}模拟器 {url}  种子 {seed}", f"{title} simulator {url}  seed {seed}", "bold")
    output.say("凭据均为虚构，可直接填入渠道设置:", "Made-up credentials, for the channel's connection:")
    for name in ("app_key", "app_secret", "shop", "access_token", "refresh_token"):
        output.say(f"  {name} = {document[name]}", f"  {name} = {document[name]}")
    for group in ("secrets", "settings"):
        for name, value in document[group].items():
            output.say(f"  {group}.{name} = {value}", f"  {group}.{name} = {value}")
    output.say("控制接口:", "The control API:")
    for method, path, body in (
        ("PUT", "listings", '{"product": "1001", "variant": "2002", "stock": 100}'),
        (
            "POST",
            "orders",
            '{"lines": [{"product": "1001", "variant": "2002", "quantity": 1}], "pay": true}',
        ),
        ("PUT", "misbehave", '{"lost_response_rate": 0.05, "push_loss_rate": 0.2}'),
    ):
        line = f"  curl -X {method} {control}/{path} -d '{body}'"
        output.say(line, line)
    output.say("按 Ctrl-C 停止。", "Ctrl-C stops it.")
