"""Connections 平台连接: how a channel reaches its shop on a platform; secrets go in and never come out."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from holdfast.api.fields import (
    Failed,
    SecretText,
    ShortText,
    Timestamp,
    optional_time,
    to_time,
    to_us,
)
from holdfast.api.operation import Answer, Operation, Request
from holdfast.channels.adapter import Connection, Tokens
from holdfast.ledger.records import Channel, Detail
from holdfast.live.keys import Role
from holdfast.operations.check import Finding, check
from holdfast.operations.credentials import connection_of, connection_row, tokens_of, tokens_row
from holdfast.operations.registry import platforms
from holdfast.sealing import SealingError
from holdfast.storage.records import ConnectionGone, ConnectionRow, Record, TokensRow
from holdfast.storage.sync_contract import SyncReader
from holdfast.sync.runtime import UnknownChannelError

from .common import channel_of, connection_in, is_own_shop, save
from .manifests import ManifestDocument, manifest_document

SHOWN_CHARACTERS = 4
SHOWN_FROM_CHARACTERS = 16
"""Of a shorter secret the last characters would tell too much."""

SettingName = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$(?!\n)")]
Address = Annotated[
    str, Meta(max_length=200, pattern=r"^(https?://[^\s\x00-\x1f\x7f/?#@]+(/[^\s\x00-\x1f\x7f?#]*)?)?$(?!\n)")
]


class ConnectionBody(msgspec.Struct, forbid_unknown_fields=True):
    """How to reach a shop; secrets that are left out stay as they are, all else goes to its default."""

    app_key: ShortText
    app_secret: SecretText | None = None
    shop: ShortText = ""
    base_url: Address = ""
    access_token: SecretText | None = None
    refresh_token: SecretText | None = None
    access_expires_at: Timestamp | None = None
    refresh_expires_at: Timestamp | None = None
    secrets: dict[SettingName, SecretText] = {}
    settings: dict[SettingName, ShortText] = {}

    def __repr__(self) -> str:
        return "ConnectionBody(…)"


class SecretDocument(msgspec.Struct):
    """That a secret is set; of a long one its last characters, so that people can tell which."""

    name: str
    ends_with: str


class ConnectionDocument(msgspec.Struct):
    """A connection as stored, without its secrets; `manifest` with what its settings correct."""

    channel: str
    platform: str
    base_url: str
    app_key: str
    shop: str
    settings: dict[str, str]
    secrets: list[SecretDocument]
    access_expires_at: datetime | None
    refresh_expires_at: datetime | None
    updated_at: datetime
    manifest: ManifestDocument | None
    problem: str


class CheckDocument(msgspec.Struct):
    """What a harmless call came to, in plain words."""

    ok: bool
    code: str
    message: str
    message_zh: str
    vendor_code: str
    took_ms: int


def _refused(error: SealingError) -> Failed:
    return Failed("secret_key_unusable", str(error))


async def put(request: Request) -> Answer:
    """Connect a channel, or change how."""
    channel = await channel_of(request)
    body: ConnectionBody = request.body
    platform = platforms().get(channel.platform)
    if platform is None or is_own_shop(request, channel):
        able = ", ".join(name for name in platforms() if name != "shop")
        raise Failed(
            "not_connectable",
            f"channel {channel.channel} is on the platform {channel.platform}, which needs or knows no "
            f"connection; there are {able}",
            field="channel",
        )
    async with request.holdfast.mapping:
        old, old_tokens = await request.holdfast.read_sync(lambda reader: _on_file(reader, channel.channel))
        try:
            connection = _connection(request, body, platform.manifest.base_url, old)
            tokens = _tokens(request, body, old_tokens)
            row = connection_row(
                channel.channel, connection, request.holdfast.sealer, request.holdfast.clock.now_us()
            )
            records: list[Record] = [row]
            if tokens is not None:
                records.append(tokens_row(channel.channel, tokens, request.holdfast.sealer))
        except SealingError as error:
            raise _refused(error) from error
        _try(request, channel, row)
        await save(request, "connection.put", channel.channel, records, _changed(body, connection, old))
    return Answer(await _shown(request, channel))


def _connection(
    request: Request, body: ConnectionBody, address: str, old: ConnectionRow | None
) -> Connection:
    kept = connection_of(old, request.holdfast.sealer) if old is not None and _keeps(body) else None
    app_secret = body.app_secret if body.app_secret is not None else kept.app_secret if kept else None
    if app_secret is None:
        raise Failed("invalid_request", "give the app's secret; none is on file", field="app_secret")
    base_url = body.base_url or address
    if not base_url:
        raise Failed(
            "invalid_request", "this platform has an address for each shop: give it", field="base_url"
        )
    secrets = {**(kept.secrets if kept else {}), **body.secrets}
    return Connection(base_url, body.app_key, app_secret, body.shop, secrets, dict(body.settings))


def _keeps(body: ConnectionBody) -> bool:
    """Whether anything of the old secrets is needed; if not, a lost key is no hindrance."""
    return body.app_secret is None or not body.secrets


def _tokens(request: Request, body: ConnectionBody, old: TokensRow | None) -> Tokens | None:
    if body.access_token is None and body.refresh_token is None:
        return None
    access, refresh = body.access_token, body.refresh_token
    if (access is None or refresh is None) and old is not None:
        kept = tokens_of(old, request.holdfast.sealer)
        access, refresh = access or kept.access, refresh or kept.refresh
    return Tokens(
        access or "",
        refresh or "",
        to_us(body.access_expires_at, "access_expires_at"),
        to_us(body.refresh_expires_at, "refresh_expires_at"),
    )


def _try(request: Request, channel: Channel, row: ConnectionRow) -> None:
    """Make an adapter and drop it, so that a wrong setting is told now."""
    try:
        request.holdfast.adapters.connect(channel, row, None)
    except ValueError as error:
        raise Failed("invalid_request", str(error), field="settings") from error


def _changed(body: ConnectionBody, connection: Connection, old: ConnectionRow | None) -> Detail:
    """What the trail tells: values of what is no secret, and of secrets only that they were given."""
    detail: Detail = {}
    for name in ("base_url", "app_key", "shop"):
        before, after = (getattr(old, name) if old else None), getattr(connection, name)
        if before != after:
            detail[name] = f"{before!r} -> {after!r}"
    before = old.settings if old else {}
    for name in sorted(before.keys() | connection.settings.keys()):
        if before.get(name) != connection.settings.get(name):
            detail[f"settings.{name}"] = f"{before.get(name)!r} -> {connection.settings.get(name)!r}"
    given = [name for name in ("app_secret", "access_token", "refresh_token") if getattr(body, name)]
    for name in [*given, *(f"secrets.{name}" for name in sorted(body.secrets))]:
        detail[name] = "given"
    return detail


def _on_file(reader: SyncReader, channel: str) -> tuple[ConnectionRow | None, TokensRow | None]:
    tokens = next((row for row in reader.tokens() if row.channel == channel), None)
    return connection_in(reader, channel), tokens


async def _shown(request: Request, channel: Channel) -> ConnectionDocument:
    row, tokens = await request.holdfast.read_sync(lambda reader: _on_file(reader, channel.channel))
    if row is None:
        raise Failed("not_found", f"channel {channel.channel} has no connection", field="channel")
    secrets: dict[str, str] = {}
    problem = ""
    try:
        opened = connection_of(row, request.holdfast.sealer)
        secrets = {"app_secret": opened.app_secret}
        if tokens is not None:
            pair = tokens_of(tokens, request.holdfast.sealer)
            secrets |= {"access_token": pair.access, "refresh_token": pair.refresh}
        secrets |= opened.secrets
    except SealingError as error:
        problem = str(error)
    try:
        manifest = manifest_document(request.holdfast.sync.adapter(channel.channel).manifest)
    except UnknownChannelError as error:
        manifest, problem = None, problem or str(error)
    return ConnectionDocument(
        row.channel,
        channel.platform,
        row.base_url,
        row.app_key,
        row.shop,
        row.settings,
        [SecretDocument(name, _end(secret)) for name, secret in secrets.items() if secret],
        optional_time(tokens.access_expires_at_us) if tokens else None,
        optional_time(tokens.refresh_expires_at_us) if tokens else None,
        to_time(row.updated_at_us),
        manifest,
        problem,
    )


def _end(secret: str) -> str:
    return secret[-SHOWN_CHARACTERS:] if len(secret) >= SHOWN_FROM_CHARACTERS else ""


async def show(request: Request) -> Answer:
    """A connection without its secrets."""
    return Answer(await _shown(request, await channel_of(request)))


async def remove(request: Request) -> Answer:
    """End a connection that holds no right."""
    channel = await channel_of(request)
    name = channel.channel
    async with request.holdfast.mapping:
        document = await _shown(request, channel)
        rights, writes = await request.holdfast.read_sync(
            lambda reader: (reader.rights(name), [row for row in reader.open_writes() if row.channel == name])
        )
        units = sum(row.right for row in rights)
        if units or writes:
            raise Failed(
                "channel_has_rights",
                f"{name} may still sell {units} units, and {len(writes)} writes are open; set `fixed` to 0 "
                "in the rule of each listing and wait until its right is 0",
                facts={"rights": units, "open_writes": len(writes)},
            )
        await save(request, "connection.delete", name, (ConnectionGone(name),), {})
    return Answer(document)


async def try_out(request: Request) -> Answer:
    """Make a harmless call and say what it came to."""
    channel = await channel_of(request)
    holdfast, name = request.holdfast, channel.channel
    listings = await holdfast.read_sync(lambda reader: reader.listings(name))
    try:
        found = await check(
            holdfast.sync.adapter(name), [row for row in listings if not row.removed], holdfast.clock.now_us
        )
    except UnknownChannelError as error:
        if name not in holdfast.connected:
            raise Failed("not_found", str(error), field="channel") from error
        found = Finding.not_running(str(error))
    return Answer(
        CheckDocument(found.ok, found.code, found.message, found.message_zh, found.vendor_code, found.took_ms)
    )


_PATH = "/v1/channels/{channel}/connection"
OPERATIONS = [
    Operation(
        "PUT",
        _PATH,
        put,
        summary="Connect a channel to its platform",
        role=Role.ADMINISTRATOR,
        takes=ConnectionBody,
        gives=ConnectionDocument,
        codes=("not_found", "not_connectable", "secret_key_unusable"),
    ),
    Operation(
        "GET",
        _PATH,
        show,
        summary="Show a connection without its secrets",
        role=Role.ADMINISTRATOR,
        gives=ConnectionDocument,
        codes=("not_found",),
    ),
    Operation(
        "DELETE",
        _PATH,
        remove,
        summary="End a connection",
        role=Role.ADMINISTRATOR,
        gives=ConnectionDocument,
        codes=("not_found", "channel_has_rights"),
    ),
    Operation(
        "POST",
        _PATH + "/check",
        try_out,
        summary="Try a connection with a harmless call",
        role=Role.ADMINISTRATOR,
        gives=CheckDocument,
        codes=("not_found",),
    ),
]
"""Routes of this noun."""
