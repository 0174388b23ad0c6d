"""`holdfast key`: API keys, straight on the store, so that a lost key never locks anybody out."""

import json
import sys
import time
from datetime import UTC, datetime
from getpass import getuser

import click

from holdfast.app import StoreFactory
from holdfast.live.keys import KeyRing, Role
from holdfast.storage.contract import StoreError

from .common import EXIT_FAILED, settings_from, store_option

_ROLES = [role.label for role in Role]


@click.group()
def key() -> None:
    """Make, list, rotate and revoke API keys. 密钥管理。

    Works on the store itself, with or without a running server; a server notices within two seconds.
    """


def _ring(store: str | None) -> KeyRing:
    try:
        factory = StoreFactory(settings_from(store=store).store_url())
        factory.make_folder()
        ring = KeyRing(factory.keys, lambda: time.time_ns() // 1000)
        ring.refresh()
    except (StoreError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    return ring


def _actor() -> str:
    return f"shell:{getuser()}"


def _show(name: str, text: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"name": name, "key": text}))
    else:
        click.echo(text)
        click.echo("Shown only now; keep it safe. 仅显示这一次，请妥善保存。", err=True)


@key.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice(_ROLES), default="viewer", show_default=True, help="What it may do."
)
@click.option("--lifetime-s", type=click.IntRange(1), help="Seconds until it ends by itself.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def create(name: str, role: str, lifetime_s: int | None, as_json: bool, store: str | None) -> None:
    """Make a key."""
    try:
        made = _ring(store).create(name, Role[role.upper()], _actor(), lifetime_s=lifetime_s)
    except (StoreError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    _show(name, made, as_json)


@key.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def list_keys(as_json: bool, store: str | None) -> None:
    """List all keys; the keys themselves are not stored."""
    ring = _ring(store)
    rows = [
        {
            "name": row.name,
            "role": row.role,
            "live": ring.is_live(row),
            "created_at": datetime.fromtimestamp(row.created_at_us / 1e6, UTC).isoformat(timespec="seconds"),
            "created_by": row.created_by,
        }
        for row in ring.rows()
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for found in rows:
        state = "live" if found["live"] else "ended"
        click.echo(f"{found['name']:24} {found['role']:14} {state:6} {found['created_at']}")


@key.command()
@click.argument("name")
@click.option(
    "--grace-s", type=click.IntRange(0), default=86_400, show_default=True, help="Seconds both keys work."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def rotate(name: str, grace_s: int, as_json: bool, store: str | None) -> None:
    """Replace a key without downtime."""
    try:
        made = _ring(store).rotate(name, _actor(), grace_s)
    except KeyError:
        click.echo(f"there is no live key {name}; `holdfast key list` shows them", err=True)
        sys.exit(EXIT_FAILED)
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    _show(name, made, as_json)


@key.command()
@click.argument("name")
@store_option
def revoke(name: str, store: str | None) -> None:
    """End all keys of a name at once."""
    try:
        _ring(store).revoke(name, _actor())
    except KeyError:
        click.echo(f"there is no live key {name}; `holdfast key list` shows them", err=True)
        sys.exit(EXIT_FAILED)
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"revoked {name}", err=True)
