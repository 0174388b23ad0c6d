"""The world of one show: customers come, platforms sell, calls and messages travel."""

from collections.abc import Callable, Sequence
from random import Random

from holdfast.rehearsal.demand import Customer
from holdfast.rehearsal.measures import Measures
from holdfast.rehearsal.scenario import Scenario

from .network import Network
from .platform import SimulatedPlatform
from .timeline import Timeline
from .words import Controller, News, NewsKind, Reply, ReplyStatus, Request


class World:
    """Plays a scenario against a controller; `after_event` runs after everything that happens."""

    def __init__(
        self, scenario: Scenario, customers: Sequence[Customer], measures: Measures, noise_seed: str
    ) -> None:
        self.scenario = scenario
        self.timeline = Timeline(-scenario.setup_s)
        self.controller: Controller
        self.after_event: Callable[[float], None] = lambda _: None
        self._customers = customers
        self._measures = measures
        self._open = True
        self._order_count = 0
        # Noise is our own; only the customers are the same everywhere.
        self._random = random = Random(noise_seed)  # noqa: S311 - a simulation, nothing secret
        now_s = self.timeline.now_s
        self.platforms = {
            spec.id: SimulatedPlatform(
                spec,
                {sku.id: sku.initial.get(spec.id, 0) for sku in scenario.skus},
                now_s,
                random,
                self._counter_changed,
            )
            for spec in scenario.platforms
        }
        self._networks = {spec.id: Network(spec, random) for spec in scenario.platforms}
        self._returns_to_counter = scenario.cancel.returns_to == "counter"
        for sku in scenario.skus:
            for found in sku.late_stock:
                self.timeline.at(found.t, self._found, sku.id, found.units)

    def play(self) -> None:
        """Everything up to the end of the show."""
        timeline, end_s = self.timeline, self.scenario.horizon_s
        for customer in self._customers:
            if customer.at_s > end_s:
                break
            self._until(customer.at_s)
            timeline.now_s = customer.at_s
            self._arrives(customer)
            self.after_event(customer.at_s)
        self._until(end_s)
        timeline.now_s = end_s
        self._measures.close(end_s)
        self._open = False

    def settle(self, quiet_s: float) -> None:
        """A quiet time after the show: no customers, no cancellations, nothing goes wrong any more."""
        for network in self._networks.values():
            network.calm = True
        self._until(self.timeline.now_s + quiet_s)

    def send(self, request: Request) -> None:
        """Make a call; its end comes back as a `Reply`, at the latest after the platform's time-out."""
        now_s, timeline = self.timeline.now_s, self.timeline
        self._measures.calls[request.platform] += 1
        journey = self._networks[request.platform].call(now_s)
        if journey.reaches_at_s is not None:
            timeline.at(journey.reaches_at_s, self._serve, request, now_s, journey.answer_at_s)
        if journey.error_at_s is not None:
            self._reply(journey.error_at_s, Reply(request, ReplyStatus.ERROR, now_s))
        elif journey.timeout_at_s is not None:
            self._reply(journey.timeout_at_s, Reply(request, ReplyStatus.TIMEOUT, now_s))

    def expire_token(self, platform: str) -> None:
        """From now on the platform takes no call until the token is refreshed."""
        self.platforms[platform].token_expired = True

    def refresh_token(self, platform: str, done: Callable[[bool], None]) -> None:
        """Ask for a new token; `done` hears whether it came. It can fail as any call can."""
        journey = self._networks[platform].call(self.timeline.now_s)
        if journey.answer_at_s is not None:
            self.timeline.at(journey.answer_at_s, self._refreshed, platform, done)
        else:
            self.timeline.at(journey.error_at_s or journey.timeout_at_s or 0.0, done, False)

    def take_away(self, sku: str, units: int) -> None:
        """Units leave the house that no platform sold."""
        self._measures.physical_changed(sku, -units, self.timeline.now_s)

    def _until(self, end_s: float) -> None:
        timeline = self.timeline
        while timeline.next_s() <= end_s:
            timeline.step()
            self.after_event(timeline.now_s)

    def _arrives(self, customer: Customer) -> None:
        now_s, measures = customer.at_s, self._measures
        platform = self.platforms[customer.platform]
        counter = platform.counters[customer.sku]
        if counter < customer.quantity:
            measures.refused(customer.sku, customer.quantity)
            return
        platform.put(customer.sku, counter - customer.quantity, now_s)
        measures.sold(customer.platform, customer.sku, customer.quantity, now_s)
        self._order_count += 1
        order = News(
            NewsKind.ORDERED,
            customer.platform,
            customer.sku,
            str(self._order_count),
            customer.quantity,
            at_s=now_s,
            ordered_at_s=now_s,
        )
        self._tell(order)
        if customer.undone_after_s is not None:
            self.timeline.at(now_s + customer.undone_after_s, self._undone, order)

    def _undone(self, order: News) -> None:
        if not self._open:
            return
        now_s, platform = self.timeline.now_s, self.platforms[order.platform]
        self._measures.undone(order.platform, order.sku, order.quantity, now_s, self._returns_to_counter)
        if self._returns_to_counter:
            platform.put(order.sku, platform.counters[order.sku] + order.quantity, now_s)
        self._tell(order._replace(kind=NewsKind.UNDONE, at_s=now_s))

    def _tell(self, news: News) -> None:
        self.platforms[news.platform].record(news)
        for at_s in self._networks[news.platform].push(news.at_s):
            self.timeline.at(at_s, self._pushed, news)

    def _pushed(self, news: News) -> None:
        self.controller.on_news(news, self.timeline.now_s)

    def _found(self, sku: str, units: int) -> None:
        self.controller.on_found(sku, units, self.timeline.now_s)

    def _serve(self, request: Request, sent_at_s: float, answer_at_s: float | None) -> None:
        platform = self.platforms[request.platform]
        limited_before = platform.limited_count
        reply = platform.serve(request, sent_at_s, self.timeline.now_s)
        self._measures.limited += platform.limited_count - limited_before
        if answer_at_s is not None:
            self._reply(answer_at_s, reply)

    def _reply(self, at_s: float, reply: Reply) -> None:
        self.timeline.at(at_s, self._replied, reply)

    def _replied(self, reply: Reply) -> None:
        self.controller.on_reply(reply, self.timeline.now_s)

    def _refreshed(self, platform: str, done: Callable[[bool], None]) -> None:
        self.platforms[platform].token_expired = False
        done(True)

    def _counter_changed(self, platform: str, sku: str, change: int) -> None:
        measures = self._measures
        measures.counter_changed(
            platform, sku, self.platforms[platform].counters[sku], change, self.timeline.now_s
        )
