"""Channels 渠道: our shops on the platforms, and our own storefront."""

from datetime import datetime

import msgspec

from holdfast.api.fields import ChannelId, Failed, NameText, check_path, to_time
from holdfast.api.operation import Answer, Operation, Request
from holdfast.ledger.commands import PutChannel
from holdfast.ledger.records import Channel
from holdfast.live.keys import Role


class ChannelBody(msgspec.Struct, forbid_unknown_fields=True):
    """A channel's description; `platform` "shop" is our own storefront."""

    platform: ChannelId
    name: NameText
    frozen: bool = False


class ChannelDocument(msgspec.Struct):
    """A channel as stored."""

    channel: str
    platform: str
    name: str
    frozen: bool
    created_at: datetime
    updated_at: datetime


class ChannelPage(msgspec.Struct):
    """All channels; there is no second page."""

    items: list[ChannelDocument]
    next: str | None


def _document(channel: Channel) -> ChannelDocument:
    return ChannelDocument(
        channel.channel,
        channel.platform,
        channel.name,
        channel.frozen,
        to_time(channel.created_at_us),
        to_time(channel.updated_at_us),
    )


async def put(request: Request) -> Answer:
    """Create or replace a channel."""
    body: ChannelBody = request.body
    decision = await request.decide(
        PutChannel(
            channel=check_path(ChannelId, request.path["channel"], "channel"),
            platform=body.platform,
            name=body.name,
            actor=request.principal.actor,
            frozen=body.frozen,
            request_id=request.request_id,
        )
    )
    assert isinstance(decision.record, Channel)
    return Answer(_document(decision.record))


async def show(request: Request) -> Answer:
    """One channel."""
    name = check_path(ChannelId, request.path["channel"], "channel")
    channel = await request.holdfast.read(lambda reader: reader.channel(name))
    if channel is None:
        raise Failed("not_found", f"there is no channel {name}", field="channel")
    return Answer(_document(channel))


async def list_all(request: Request) -> Answer:
    """All channels."""
    channels = await request.holdfast.read(lambda reader: reader.channels())
    return Answer(ChannelPage([_document(channel) for channel in channels], None))


OPERATIONS = [
    Operation(
        "PUT",
        "/v1/channels/{channel}",
        put,
        summary="Create or replace a channel",
        role=Role.OPERATOR,
        takes=ChannelBody,
        gives=ChannelDocument,
    ),
    Operation(
        "GET",
        "/v1/channels/{channel}",
        show,
        summary="Show a channel",
        role=Role.VIEWER,
        gives=ChannelDocument,
        codes=("not_found",),
    ),
    Operation(
        "GET",
        "/v1/channels",
        list_all,
        summary="List channels",
        role=Role.VIEWER,
        gives=ChannelPage,
    ),
]
"""Routes of this noun."""
