"""What the routes of platforms share: the channel they speak of, the trail they leave, the way to save."""

from collections.abc import Sequence

from holdfast.api.fields import ChannelId, Failed, check_path
from holdfast.api.operation import Request
from holdfast.channels.manifest import WriteMode
from holdfast.ledger.records import AuditEntry, Channel, Detail
from holdfast.storage.records import ConnectionRow, Record
from holdfast.storage.sync_contract import SyncReader


async def channel_of(request: Request) -> Channel:
    """The channel in the path; raises Failed if there is none."""
    name: str = check_path(ChannelId, request.path["channel"], "channel")
    channel = await request.holdfast.read(lambda reader: reader.channel(name))
    if channel is None:
        raise Failed("not_found", f"there is no channel {name}", field="channel")
    return channel


def is_own_shop(request: Request, channel: Channel) -> bool:
    """Whether the channel is our own storefront, which has no counter."""
    manifest = request.holdfast.adapters.manifest(channel.platform)
    return manifest is not None and manifest.write is WriteMode.NONE


def connection_in(reader: SyncReader, channel: str) -> ConnectionRow | None:
    """The connection of a channel as it is on file."""
    return next((row for row in reader.connections() if row.channel == channel), None)


async def save(request: Request, action: str, target: str, records: Sequence[Record], detail: Detail) -> None:
    """Put records on file with their entry in the trail, and let the sync take them up."""
    await _submit(request, (*records, _entry(request, action, target, detail)))


async def save_each(request: Request, action: str, saved: Sequence[tuple[str, Record, Detail]]) -> None:
    """Put many on file in one commit, each with an entry of its own (target, record, detail)."""
    both = [(record, _entry(request, action, target, detail)) for target, record, detail in saved]
    await _submit(request, [each for pair in both for each in pair])


def _entry(request: Request, action: str, target: str, detail: Detail) -> AuditEntry:
    now_us = request.holdfast.clock.now_us()
    return AuditEntry(now_us, request.principal.actor, request.request_id, action, target, "saved", detail)


async def _submit(request: Request, records: Sequence[Record]) -> None:
    holdfast = request.holdfast
    await holdfast.engine.submit((), records)
    await holdfast.read_connected()
    await holdfast.sync.refresh()
