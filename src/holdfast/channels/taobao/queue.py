"""Taobao's message queue (TMC), emptied by HTTP: what is not confirmed comes again after some minutes."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..base import Link
from ..errors import CallRefused
from ..orders import ListingRef, PushEvent, PushKind
from ..values import identity, json_object, number
from .client import TaobaoClient, moment_us, rows
from .mapping import kind_of
from .stock import TaobaoStock

_PULL_MAX = 200
_CONFIRM_MAX = 200


class TaobaoQueue:
    """Pulls and confirms messages of one group."""

    def __init__(self, client: TaobaoClient, link: Link, stock: TaobaoStock) -> None:
        self._client = client
        self._shop = link.connection.shop
        self._group = link.connection.settings.get("group_name", "default")
        self._stock = stock

    async def pull(self) -> list[PushEvent]:
        """Messages of this shop; another shop's are left to whoever pulls for it."""
        found = await self._client.call(
            "taobao.tmc.messages.consume",
            {"group_name": self._group, "quantity": _PULL_MAX},
            lambda answer: rows(answer.get("messages"), "tmc_message"),
        )
        return [self._event(message) for message in found if self._is_ours(message)]

    async def confirm(self, events: Sequence[str]) -> None:
        """Tell the queue that these are on file."""
        for first in range(0, len(events), _CONFIRM_MAX):
            ids = ",".join(events[first : first + _CONFIRM_MAX])
            parameters = {"group_name": self._group, "s_message_ids": ids}
            await self._client.call("taobao.tmc.messages.confirm", parameters, _expect_success)

    def _is_ours(self, message: Mapping[str, Any]) -> bool:
        return not self._shop or self._shop in (identity(message.get("user_id")), message.get("user_nick"))

    def _event(self, message: Mapping[str, Any]) -> PushEvent:
        event, kind = identity(message["id"]), kind_of(str(message["topic"]))
        at_us = moment_us(message.get("pub_time"))
        try:
            content = json_object(message["content"])
        except ValueError:  # one message that cannot be read must not hold up the queue
            return PushEvent(event, PushKind.OTHER, event_at_us=at_us)
        if kind is not PushKind.STOCK:
            order = identity(content.get("tid")) if kind is not PushKind.OTHER else ""
            return PushEvent(event, kind, order=order, event_at_us=at_us)
        listing = ListingRef(identity(content["num_iid"]), identity(content.get("sku_id")))
        told = content.get("sku_num") if listing.variant else content.get("num")
        counter = None if told is None else number(told)
        ours = self._stock.is_echo(listing, number(content.get("increment")), counter)
        return PushEvent(event, kind, listing=listing, counter=counter, ours=ours, event_at_us=at_us)


def _expect_success(answer: Mapping[str, Any]) -> None:
    if answer.get("is_success") in (False, "false"):
        raise CallRefused("Taobao did not take the confirmation of messages; they will come again.")
