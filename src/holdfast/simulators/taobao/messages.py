"""Taobao's message service: topics that are permitted, a queue that is pulled and confirmed."""

import heapq
import itertools
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from ..platform import Platform
from ..records import Happening, News
from .errors import Parameters, from_time, invalid, yuan
from .trades import STATUS

_ORDER_TOPICS = {
    Happening.ORDER_CREATED: "taobao_trade_TradeCreate",
    Happening.ORDER_PAID: "taobao_trade_TradeBuyerPay",
    Happening.ORDER_PARTLY_SHIPPED: "taobao_trade_TradeChanged",
    Happening.ORDER_SHIPPED: "taobao_trade_TradeChanged",
    Happening.ORDER_COMPLETED: "taobao_trade_TradeSuccess",
    Happening.ORDER_CANCELLED: "taobao_trade_TradeClose",
    Happening.REFUND_APPLIED: "taobao_refund_RefundCreated",
    Happening.REFUND_SUCCEEDED: "taobao_refund_RefundSuccess",
    Happening.REFUND_CLOSED: "taobao_refund_RefundClosed",
}
STOCK_TOPIC = "taobao_item_ItemStockChanged"
TOPICS = (*dict.fromkeys(_ORDER_TOPICS.values()), STOCK_TOPIC)
_GROUP = "default"
_SHUFFLE_WITHIN_S = 0.5


class Messages:
    """The queue. A message that was handed out and not confirmed comes again after a while."""

    def __init__(self, platform: Platform) -> None:
        self.counts: Counter[str] = Counter()
        self._platform = platform
        self._topics = set(TOPICS)
        self._numbers = itertools.count(platform.chance.randrange(10**15, 10**16))
        self._due: list[tuple[int, int, int]] = []
        """When it may be handed out, in what order, and its number."""
        self._waiting: dict[int, dict[str, Any]] = {}
        self._turns = itertools.count()
        self._latest_us: dict[str, int] = {}

    def methods(self) -> dict[str, Callable[[Parameters], Any]]:
        """Each method by its name."""
        return {
            "taobao.tmc.user.permit": self.permit,
            "taobao.tmc.user.get": self.user,
            "taobao.tmc.user.cancel": self.cancel,
            "taobao.tmc.queue.get": self.queue,
            "taobao.tmc.messages.consume": self.consume,
            "taobao.tmc.messages.confirm": self.confirm,
        }

    def tell(self, news: News) -> None:
        """Put what happened into the queue, if its topic is permitted."""
        for topic, key, content in self._about(news):
            if topic in self._topics:
                self._put(topic, key, content, news.at_us)

    def status(self) -> dict[str, int]:
        """`sent` counts messages handed out, `failed` those that had to be handed out again."""
        names = ("sent", "acknowledged", "failed", "lost")
        return {**{name: self.counts[name] for name in names}, "waiting": len(self._waiting)}

    def permit(self, given: Parameters) -> Any:
        """`taobao.tmc.user.permit`: these topics and no others, all when none is named."""
        topics = set(given.text("topics", default=",".join(TOPICS)).split(","))
        unknown = topics - set(TOPICS)
        if unknown:
            raise invalid("topics", f"未知主题 {', '.join(sorted(unknown))}")
        self._topics = topics
        return {"is_success": True}

    def user(self, given: Parameters) -> Any:
        """`taobao.tmc.user.get`."""
        told = {"user_nick": self._platform.credentials.shop, "is_valid": bool(self._topics)}
        return {"tmc_user": {**told, "topics": {"string": sorted(self._topics)}}}

    def cancel(self, given: Parameters) -> Any:
        """`taobao.tmc.user.cancel`."""
        self._topics = set()
        return {"is_success": True}

    def queue(self, given: Parameters) -> Any:
        """`taobao.tmc.queue.get`."""
        row = {"name": self._group(given), "get_num": self.counts["sent"], "total_num": len(self._waiting)}
        return {"datas": {"tmc_queue_info": [row]}}

    def consume(self, given: Parameters) -> Any:
        """`taobao.tmc.messages.consume`: from 10 to 200, empty when there are none."""
        self._group(given)
        quantity = given.integer("quantity", 10, 200, default=100)
        now_us = self._platform.clock.now_us()
        settings = self._platform.settings.now
        again_us = now_us + round(self._platform.option("redeliver_s") * settings.retry_scale * 1_000_000)
        found: list[tuple[int, dict[str, Any]]] = []
        while self._due and self._due[0][0] <= now_us and len(found) < quantity:
            _, _, number = heapq.heappop(self._due)
            if number in self._waiting:
                found.append((number, self._waiting[number]))
        for number, message in found:
            self.counts["failed"] += message.pop("again", 0)
            message["again"] = 1
            heapq.heappush(self._due, (again_us, next(self._turns), number))
        self.counts["sent"] += len(found)
        rows = [{name: each[name] for name in each if name != "again"} for _, each in found]
        return {"messages": {"tmc_message": rows}} if rows else {}

    def confirm(self, given: Parameters) -> Any:
        """`taobao.tmc.messages.confirm`: up to 200 at once; unknown ones do no harm."""
        self._group(given)
        names = given.text("s_message_ids").split(",")
        if len(names) > 200 or not all(name.strip().isdecimal() for name in names):
            raise invalid("s_message_ids", "最多 200 个数字")
        for name in names:
            if self._waiting.pop(int(name), None) is not None:
                self.counts["acknowledged"] += 1
        return {"is_success": True}

    def _group(self, given: Parameters) -> str:
        group = given.text("group_name", default=_GROUP)
        if group != _GROUP:
            raise invalid("group_name", f"分组不存在 {group}")
        return group

    def _put(self, topic: str, key: str, content: dict[str, Any], at_us: int) -> None:
        delays_s = self._platform.settings.copies(self._platform.chance)
        if not delays_s:
            self.counts["lost"] += 1
        for delay_s in delays_s:
            # A copy is a message of its own, with the same content.
            number = next(self._numbers)
            self._waiting[number] = {
                "id": number,
                "topic": topic,
                "content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
                "user_id": int(self._platform.credentials.secrets["user_id"]),
                "user_nick": self._platform.credentials.shop,
                "pub_time": from_time(at_us),
                "pub_app_key": "12497914",
            }
            if self._platform.settings.now.push_shuffle:
                due_us = at_us + round(
                    (delay_s + self._platform.chance.uniform(0, _SHUFFLE_WITHIN_S)) * 1_000_000
                )
            else:
                due_us = max(at_us + round(delay_s * 1_000_000), self._latest_us.get(key, 0))
                self._latest_us[key] = due_us
            heapq.heappush(self._due, (due_us, next(self._turns), number))

    def _about(self, news: News) -> list[tuple[str, str, dict[str, Any]]]:
        """Topic, key and content; a trade's message comes once for each of its lines."""
        shop = self._platform.credentials.shop
        if news.change is not None:
            key, change = news.change.key, news.change
            total = sum(each.sellable for each in self._platform.world.variants(key.product))
            content: dict[str, Any] = {
                "num_iid": int(key.product),
                "increment": change.difference,
                "num": total,
                "changed_fields": "num",
                "status": "onsale",
                "nick": shop,
            }
            if key.variant:
                content |= {"sku_id": int(key.variant), "sku_num": change.sellable}
            return [(STOCK_TOPIC, f"stock {key.text}", content)]
        order, refund = news.order, news.refund
        assert order is not None
        if refund is not None:
            content = {
                "refund_id": int(refund.id),
                "tid": int(order.id),
                "oid": int(refund.line),
                "refund_fee": yuan(refund.amount_fen),
                "refund_phase": "onsale",
                "seller_nick": shop,
                "modified": from_time(news.at_us),
            }
            return [(_ORDER_TOPICS[news.happening], order.id, content)]
        found = []
        for line in order.lines:
            content = {
                "tid": int(order.id),
                "oid": int(line.id),
                "status": STATUS[order.stage],
                "payment": yuan(line.quantity * line.price_fen),
                "type": "guarantee_trade",
                "buyer_open_uid": order.buyer,
                "seller_nick": shop,
            }
            found.append((_ORDER_TOPICS[news.happening], order.id, content))
        return found
