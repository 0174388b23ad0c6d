"""`holdfast overlay`: addresses of viewer overlays, straight on the store, as `holdfast key` does it."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from getpass import getuser
from typing import Any, TypeVar

import click

from holdfast.app import StoreFactory
from holdfast.live.overlay.ring import (
    LANGUAGES,
    LAYOUTS,
    PLACES,
    SKUS_MAX,
    THEMES,
    OverlayRing,
    Showing,
    cannot_show,
)
from holdfast.storage.contract import OverlayRow, StoreError

from .common import EXIT_FAILED, settings_from, store_option

T = TypeVar("T")


@click.group()
def overlay() -> None:
    """Make, list, change, rotate and revoke viewer overlays. 贴片管理。

    Works on the store itself, with or without a running server; a server notices within two seconds.
    """


def _stores(store: str | None) -> StoreFactory:
    try:
        factory = StoreFactory(settings_from(store=store).store_url())
        factory.make_folder()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    return factory


def _with_ring(store: str | None, work: Callable[[OverlayRing], T]) -> T:
    try:
        ring = OverlayRing(_stores(store).overlays, lambda: time.time_ns() // 1000)
        ring.refresh()
        return work(ring)
    except KeyError as error:
        message = f"there is no live overlay {error.args[0]}; `holdfast overlay list` shows them"
        click.echo(message, err=True)
        sys.exit(EXIT_FAILED)
    except (StoreError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _actor() -> str:
    return f"shell:{getuser()}"


def _show(name: str, token: str, as_json: bool) -> None:
    path = f"/overlay/{token}"
    if as_json:
        click.echo(json.dumps({"name": name, "token": token, "path": path}))
    else:
        click.echo(path)
        click.echo(
            "Put your server's address in front of it. Shown only now. 请在前面加上服务地址；仅显示这一次。",
            err=True,
        )


def _check(store: str | None, skus: tuple[str, ...]) -> None:
    """End the command if an item cannot be shown."""
    try:
        with closing(_stores(store).reader()) as reader:
            cause = cannot_show(reader, skus)
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    if cause is not None:
        raise click.ClickException(f"{cause[0].value.replace('_', ' ')}: {cause[1]}")


@overlay.command()
@click.argument("name")
@click.argument("skus", nargs=-1, required=True)
@click.option("--theme", type=click.Choice(THEMES), default=THEMES[0], show_default=True, help="Its colours.")
@click.option(
    "--layout", type=click.Choice(LAYOUTS), default=LAYOUTS[0], show_default=True, help="Its shape."
)
@click.option(
    "--place", type=click.Choice(PLACES), default=PLACES[0], show_default=True, help="Where it stands."
)
@click.option("--language", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="Its words.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def create(
    name: str,
    skus: tuple[str, ...],
    theme: str,
    layout: str,
    place: str,
    language: str,
    as_json: bool,
    store: str | None,
) -> None:
    """Make an overlay called NAME that shows the items SKUS, in their order."""
    shown = tuple(dict.fromkeys(skus))
    if len(shown) > SKUS_MAX:
        raise click.UsageError(f"an overlay shows at most {SKUS_MAX} items")
    showing = Showing(shown, theme, layout, place, language)

    def work(ring: OverlayRing) -> str:
        # The ring has made the file, if there was none, so that it can be read.
        _check(store, shown)
        return ring.create(name, showing, _actor())

    _show(name, _with_ring(store, work), as_json)


def _document(row: OverlayRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "live": row.revoked_at_us is None,
        "skus": list(row.skus),
        "theme": row.theme,
        "layout": row.layout,
        "place": row.place,
        "language": row.language,
        "created_at": datetime.fromtimestamp(row.created_at_us / 1e6, UTC).isoformat(timespec="seconds"),
        "created_by": row.created_by,
    }


@overlay.command()
@click.argument("name")
@click.argument("skus", nargs=-1)
@click.option("--theme", type=click.Choice(THEMES), help="Its colours.")
@click.option("--layout", type=click.Choice(LAYOUTS), help="Its shape.")
@click.option("--place", type=click.Choice(PLACES), help="Where it stands.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Its words.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def change(
    name: str,
    skus: tuple[str, ...],
    theme: str | None,
    layout: str | None,
    place: str | None,
    language: str | None,
    as_json: bool,
    store: str | None,
) -> None:
    """Show something else at the same address; what is not given stays as it is."""
    shown = tuple(dict.fromkeys(skus))
    if len(shown) > SKUS_MAX:
        raise click.UsageError(f"an overlay shows at most {SKUS_MAX} items")

    def work(ring: OverlayRing) -> OverlayRow:
        _check(store, shown)
        old = next((row for row in ring.rows() if row.name == name and row.revoked_at_us is None), None)
        if old is None:
            raise KeyError(name)
        showing = Showing(
            shown or old.skus,
            theme or old.theme,
            layout or old.layout,
            place or old.place,
            language or old.language,
        )
        return ring.change(name, showing, _actor())

    row = _with_ring(store, work)
    if as_json:
        click.echo(json.dumps(_document(row), ensure_ascii=False))
    else:
        click.echo(f"changed {name}: {' '.join(row.skus)}", err=True)


@overlay.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def list_overlays(as_json: bool, store: str | None) -> None:
    """List all overlays; their addresses are not stored."""
    rows = [_document(row) for row in _with_ring(store, lambda ring: ring.rows())]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for found in rows:
        state = "live" if found["live"] else "ended"
        click.echo(f"{found['name']:24} {state:6} {found['created_at']}  {' '.join(found['skus'])}")


@overlay.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def rotate(name: str, as_json: bool, store: str | None) -> None:
    """Give an overlay a new address; the old one ends at once."""
    _show(name, _with_ring(store, lambda ring: ring.rotate(name, _actor())), as_json)


@overlay.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@store_option
def revoke(name: str, as_json: bool, store: str | None) -> None:
    """End an overlay at once."""
    _with_ring(store, lambda ring: ring.revoke(name, _actor()))
    if as_json:
        click.echo(json.dumps({"name": name, "live": False}))
    else:
        click.echo(f"revoked {name}", err=True)
