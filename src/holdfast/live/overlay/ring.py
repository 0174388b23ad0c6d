"""Addresses of overlays: long and random, so that only the SHA-256 is kept, as of API keys."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from holdfast.ledger.codes import ResultCode
from holdfast.ledger.records import AuditEntry, Detail
from holdfast.live.keys import hash_key
from holdfast.storage.contract import OverlayRow, OverlayStore, Reader

PREFIX = "hfo_"
SKUS_MAX = 10
"""More lines than this nobody reads in a live picture."""
THEMES = ("night", "paper", "festive", "clear")
LAYOUTS = ("card", "bar")
PLACES = ("bottom-left", "bottom", "bottom-right", "top-left", "top", "top-right")
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Showing:
    """What an overlay shows, and how."""

    skus: tuple[str, ...]
    theme: str = THEMES[0]
    layout: str = LAYOUTS[0]
    place: str = PLACES[0]
    language: str = LANGUAGES[0]


class OverlayRing:
    """The overlays of one store, in memory by hash; `refresh` picks up what another process changed."""

    def __init__(self, open_store: Callable[[], OverlayStore], now_us: Callable[[], int]) -> None:
        self._open_store = open_store
        self._now_us = now_us
        self._rows: dict[str, OverlayRow] = {}
        self._lock = Lock()

    def refresh(self) -> None:
        """Read the overlays anew; raises StoreError."""
        with self._lock:
            store = self._open_store()
            try:
                self._read(store)
            finally:
                store.close()

    def find(self, token: str) -> OverlayRow | None:
        """The overlay at an address, even if it has ended; None if there never was one."""
        return self._rows.get(hash_key(token))

    def by_hash(self, token_hash: str) -> OverlayRow | None:
        """The same for one who knows only the hash."""
        return self._rows.get(token_hash)

    def rows(self) -> list[OverlayRow]:
        """All overlays, the ended ones too, in order of name and age."""
        return sorted(self._rows.values(), key=lambda row: (row.name, row.created_at_us))

    def create(self, name: str, showing: Showing, actor: str, request_id: str = "") -> str:
        """Make an overlay and return its token, the only time it is seen; ValueError if the name is taken."""
        with self._lock:
            if self._live(name) is not None:
                raise ValueError(
                    f"there is an overlay named {name!r} already; rotate it or choose another name"
                )
            row = OverlayRow(name, "", *_fields(showing), 0, actor)
            return self._put(row, "overlay.create", actor, request_id)

    def change(self, name: str, showing: Showing, actor: str, request_id: str = "") -> OverlayRow:
        """Show something else at the same address; KeyError if there is no live overlay of the name."""
        with self._lock:
            old = self._live(name)
            if old is None:
                raise KeyError(name)
            skus, theme, layout, place, language = _fields(showing)
            row = replace(old, skus=skus, theme=theme, layout=layout, place=place, language=language)
            if row == old:
                return old
            entry = self._entry(row, "overlay.change", actor, request_id)
            if not self._write(lambda store: store.change_overlay(row, entry)):
                raise KeyError(name)
            return row

    def rotate(self, name: str, actor: str, request_id: str = "") -> str:
        """Give the overlay a new address; the old one ends at once. KeyError if there is none."""
        with self._lock:
            old = self._live(name)
            if old is None:
                raise KeyError(name)
            return self._put(replace(old, created_by=actor), "overlay.rotate", actor, request_id)

    def revoke(self, name: str, actor: str, request_id: str = "") -> None:
        """End an overlay at once; KeyError if there is none."""
        with self._lock:
            old = self._live(name)
            if old is None:
                raise KeyError(name)
            entry = AuditEntry(self._now_us(), actor, request_id, "overlay.revoke", name, "saved")
            self._write(lambda store: store.end_overlays(name, entry.recorded_at_us, entry))

    def _live(self, name: str) -> OverlayRow | None:
        found = [row for row in self._rows.values() if row.name == name and row.revoked_at_us is None]
        return found[0] if found else None

    def _put(self, row: OverlayRow, action: str, actor: str, request_id: str) -> str:
        token = PREFIX + secrets.token_urlsafe(32)
        entry = self._entry(row, action, actor, request_id)
        new = replace(row, hash=hash_key(token), created_at_us=entry.recorded_at_us)
        self._write(lambda store: store.put_overlay(new, entry))
        return token

    def _entry(self, row: OverlayRow, action: str, actor: str, request_id: str) -> AuditEntry:
        detail: Detail = {
            "skus": ", ".join(row.skus),
            "theme": row.theme,
            "layout": row.layout,
            "place": row.place,
            "language": row.language,
        }
        return AuditEntry(self._now_us(), actor, request_id, action, row.name, "saved", detail)

    def _write(self, work: Callable[[OverlayStore], int | None]) -> int | None:
        store = self._open_store()
        try:
            done = work(store)
            self._read(store)
        finally:
            store.close()
        return done

    def _read(self, store: OverlayStore) -> None:
        self._rows = {row.hash: row for row in store.overlays()}


def cannot_show(reader: Reader, skus: tuple[str, ...]) -> tuple[ResultCode, str] | None:
    """The first item that an overlay cannot show, and why: a bundle has no stock of its own."""
    for sku in skus:
        item = reader.sku(sku)
        if item is None:
            return ResultCode.UNKNOWN_SKU, sku
        if item.components:
            return ResultCode.SKU_IS_BUNDLE, sku
    return None


def _fields(showing: Showing) -> tuple[tuple[str, ...], str, str, str, str]:
    return showing.skus, showing.theme, showing.layout, showing.place, showing.language
