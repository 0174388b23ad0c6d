"""`holdfast connect`: a channel and its shop on a platform; secrets are asked for or come from a file."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from holdfast.cli.client import ApiClient, RequestFailed, path_of
from holdfast.cli.common import EXIT_FAILED
from holdfast.cli.output import Language, Output, client_for, output_options, server_options

ENVIRONMENT_PREFIX = "HOLDFAST_CONNECT_"
_APP_SECRET = "app_secret"  # noqa: S105 - the name of one
_PLAIN = ("base_url", "app_key", "shop")
_SECRET = (_APP_SECRET, "access_token", "refresh_token")


@click.command()
@click.argument("channel")
@click.argument("platform")
@click.option("--name", metavar="NAME", help="What people call the channel, if it is new.")
@click.option("--app-key", metavar="KEY", help="The app's key on the platform.")
@click.option("--shop", metavar="ID", help="The shop, as the platform names it.")
@click.option("--base-url", metavar="URL", help="The platform's address; its official one if not given.")
@click.option(
    "--setting", "settings", metavar="NAME=VALUE", multiple=True, help="A setting; may be given again."
)
@click.option(
    "--from",
    "file",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="JSON with the secrets and the rest; - for standard input.",
)
@click.option("--check/--no-check", default=True, help="Try the connection afterwards, or not.")
@server_options
@output_options
def connect(
    channel: str,
    platform: str,
    name: str | None,
    app_key: str | None,
    shop: str | None,
    base_url: str | None,
    settings: tuple[str, ...],
    file: Path | None,
    check: bool,
    url: str,
    key: str | None,
    as_json: bool,
    language: Language | None,
) -> None:
    """Connect CHANNEL to its shop on PLATFORM. 连接平台店铺。

    Secrets come from the file, from HOLDFAST_CONNECT_APP_SECRET and the like in the environment, or are
    asked for without showing them. What is left out stays as it is.
    """
    output = Output(as_json=as_json, language=language)
    given = {"app_key": app_key, "shop": shop, "base_url": base_url}
    with client_for(url, key) as client, output.errors():
        manifest = _manifest(output, client, platform)
        _ensure_channel(output, client, channel, platform, name or manifest["title_zh"])
        old = _old(client, channel)
        body = _body(_read(file), given, old, _settings(settings), manifest)
        if not body["app_key"]:
            raise click.UsageError("give the app's key with --app-key or in the file")
        document = client.put(path_of("v1", "channels", channel, "connection"), body).body
        output.say(f"已保存 {channel} 的连接。", f"the connection of {channel} is saved.", "bold green")
        found = _check(output, client, channel) if check else None
        output.emit({"ok": found is None or found["ok"], "connection": document, "check": found})
        if found is not None and not found["ok"]:
            raise SystemExit(EXIT_FAILED)


def _manifest(output: Output, client: ApiClient, platform: str) -> dict[str, Any]:
    items = client.get("/v1/platforms")["items"]
    found: dict[str, dict[str, Any]] = {item["platform"]: item for item in items}
    if platform not in found:
        known = ", ".join(found)
        output.fail(
            "unknown_platform",
            f"没有平台 {platform}；可选：{known}",
            f"there is no platform {platform}; there are {known}",
        )
    return found[platform]


def _ensure_channel(output: Output, client: ApiClient, channel: str, platform: str, name: str) -> None:
    path = path_of("v1", "channels", channel)
    try:
        on = client.get(path)["platform"]
    except RequestFailed as error:
        if error.code != "not_found":
            raise
        client.put(path, {"platform": platform, "name": name})
        output.say(f"已新建渠道 {channel}（{name}）。", f"channel {channel} ({name}) is made.")
        return
    if on != platform:
        output.fail(
            "other_platform",
            f"渠道 {channel} 属于平台 {on}，不是 {platform}",
            f"channel {channel} is on {on}, not on {platform}",
        )


def _old(client: ApiClient, channel: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.get(path_of("v1", "channels", channel, "connection"))
    except RequestFailed as error:
        if error.code != "not_found":
            raise
        return None
    return found


def _read(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError) as error:
        # Not the error's own words: they may quote the file.
        raise click.UsageError(f"{file} cannot be read as JSON ({type(error).__name__})") from None
    if not isinstance(found, dict):
        raise click.UsageError(f"{file} has to hold one JSON object")
    return found


def _settings(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--setting {pair}: write NAME=VALUE")
        found[name] = value
    return found


def _body(
    told: dict[str, Any],
    given: dict[str, str | None],
    old: dict[str, Any] | None,
    settings: dict[str, str],
    manifest: dict[str, Any],
) -> dict[str, Any]:
    """What is sent: the line wins over the file, the file over what is on file in the server."""
    body: dict[str, Any] = {
        name: given[name] or told.get(name) or (old[name] if old else "") for name in _PLAIN
    }
    body["settings"] = {**(old["settings"] if old else {}), **told.get("settings", {}), **settings}
    own = {**{name: told[name] for name in manifest["secrets"] if name in told}, **told.get("secrets", {})}
    known = {item["name"] for item in old["secrets"]} if old else set()
    asks = not told and sys.stdin.isatty()
    for name in (*_SECRET, *manifest["secrets"]):
        into = body if name in _SECRET else own
        value = told.get(name) or own.get(name) or os.environ.get(ENVIRONMENT_PREFIX + name.upper())
        if value is None and asks:
            value = _ask(name, is_known=name in known)
        if value:
            into[name] = value
    body["secrets"] = own
    for name in ("access_expires_at", "refresh_expires_at"):
        if name in told:
            body[name] = told[name]
    return body


def _ask(name: str, *, is_known: bool) -> str:
    hint = "Enter: as it is 回车保持不变" if is_known else "Enter: none 回车跳过"
    answer: str = click.prompt(f"{name} ({hint})", default="", hide_input=True, show_default=False, err=True)
    return answer


def _check(output: Output, client: ApiClient, channel: str) -> dict[str, Any]:
    found: dict[str, Any] = client.post(path_of("v1", "channels", channel, "connection", "check"), None).body
    style = "bold green" if found["ok"] else "bold red"
    output.say(found["message_zh"], found["message"], style)
    return found
