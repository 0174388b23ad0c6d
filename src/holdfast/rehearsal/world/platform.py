"""One simulated platform: its counters, its feed of orders, and how it serves a call that reached it."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from random import Random

from holdfast.rehearsal.scenario import Platform
from holdfast.sync.messages import Operation

from .words import News, Reply, ReplyStatus, Request

CounterChanged = Callable[[str, str, int], None]
"""Told of (platform, SKU, change) before the counter has its new value."""

_FOR_EVER = float("inf")


class SimulatedPlatform:
    """Serves calls in the order in which they arrive; customers take from the same counters."""

    def __init__(
        self,
        spec: Platform,
        counters: Mapping[str, int],
        start_s: float,
        random: Random,
        changed: CounterChanged,
    ) -> None:
        self.spec = spec
        self.counters = dict(counters)
        self.limited_count = 0
        self.token_expired = False
        self._random = random
        self._changed = changed
        self._tokens = float(spec.rate_limit.burst)
        self._tokens_at_s = start_s
        self._results: dict[str, tuple[ReplyStatus, int]] = {}
        self._history = {sku: [(start_s, units)] for sku, units in self.counters.items()}
        self._feed: list[News] = []
        self._feed_times_s: list[float] = []

    def put(self, sku: str, units: int, now_s: float) -> None:
        """Give a counter a new value."""
        self._changed(self.spec.id, sku, units - self.counters[sku])
        self.counters[sku] = units
        if self.spec.read_stale_s > 0:
            self._history[sku].append((now_s, units))

    def record(self, news: News) -> None:
        """Add to what can be polled."""
        self._feed.append(news)
        self._feed_times_s.append(news.at_s)

    def serve(self, request: Request, sent_at_s: float, now_s: float) -> Reply:
        """Do what is asked, and say so; whether anybody hears it is the network's affair."""
        if not self._take_token(now_s):
            self.limited_count += 1
            return Reply(request, ReplyStatus.LIMITED, sent_at_s)
        if self.token_expired:
            return Reply(request, ReplyStatus.EXPIRED, sent_at_s)
        if request.operation is Operation.POLL:
            return self._poll(request, sent_at_s, now_s)
        if request.operation is Operation.READ:
            return Reply(request, ReplyStatus.OK, sent_at_s, counter=self._reading(request.sku, now_s))
        status, applied = self._write(request, now_s)
        counter = self.counters[request.sku] if self.spec.ack_stock else None
        return Reply(request, status, sent_at_s, applied=applied, counter=counter)

    def _take_token(self, now_s: float) -> bool:
        rate = self.spec.rate_limit
        self._tokens = min(rate.burst, self._tokens + (now_s - self._tokens_at_s) * rate.per_s)
        self._tokens_at_s = now_s
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _write(self, request: Request, now_s: float) -> tuple[ReplyStatus, int]:
        """What a write came to; a repeat of an idempotent one hears what the first came to."""
        if self.spec.idempotent and request.repeat_id in self._results:
            return self._results[request.repeat_id]
        before = self.counters[request.sku]
        after = self._after(request, before)
        if after is None:
            result = (ReplyStatus.REFUSED, 0)
        else:
            self.put(request.sku, after, now_s)
            applied = request.quantity if request.operation is Operation.SET else abs(after - before)
            result = (ReplyStatus.OK, applied)
        if self.spec.idempotent:
            self._results[request.repeat_id] = result
        return result

    def _after(self, request: Request, before: int) -> int | None:
        """The counter after a write; None where the platform refuses it."""
        if request.expected is not None and request.expected != before:
            return None
        if request.operation is Operation.SET:
            return request.quantity
        if request.operation is Operation.ADD:
            return before + request.quantity
        after = before - request.quantity
        if after >= 0 or self.spec.dec == "negative":
            return after
        return None if self.spec.dec == "refuse" else min(before, 0)

    def _reading(self, sku: str, now_s: float) -> int:
        if self.spec.read_stale_s <= 0:
            return self.counters[sku]
        history = self._history[sku]
        as_of_s = now_s - self._random.uniform(0, self.spec.read_stale_s)
        return history[max(bisect_right(history, (as_of_s, _FOR_EVER)) - 1, 0)][1]

    def _poll(self, request: Request, sent_at_s: float, now_s: float) -> Reply:
        visible_to_s = now_s - self.spec.poll.index_lag_s
        begin = request.quantity
        visible = bisect_right(self._feed_times_s, visible_to_s)
        end = max(begin, min(visible, begin + self.spec.poll.max))
        more = end < visible
        return Reply(
            request,
            ReplyStatus.OK,
            sent_at_s,
            news=tuple(self._feed[begin:end]),
            cursor=end,
            more=more,
            complete_to_s=self._feed_times_s[end - 1] if more else visible_to_s,
        )
