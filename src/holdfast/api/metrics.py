"""`/metrics`: what engine, feed and auditor counted, in Prometheus' words."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from holdfast.app import Holdfast
from holdfast.engine.measures import Histogram

from .sync_metrics import sync_metrics
from .warning_metrics import warning_metrics


class _Collector(Collector):
    def __init__(self, holdfast: Holdfast, of_sync: list[Metric]) -> None:
        self._holdfast = holdfast
        self._of_sync = of_sync

    def collect(self) -> Iterator[Metric]:
        measures, feed = self._holdfast.engine.measures, self._holdfast.feed
        decisions = CounterMetricFamily(
            "holdfast_decisions", "Commands decided, by kind and result.", labels=["command", "result"]
        )
        for (command, result), count in sorted(measures.decisions.items()):
            decisions.add_metric([command, result], count)
        yield decisions
        errors = CounterMetricFamily(
            "holdfast_store_errors", "Batches that the store failed, by cause.", labels=["code"]
        )
        for code, count in sorted(measures.store_errors.items()):
            errors.add_metric([code], count)
        yield errors
        watch = self._holdfast.guards.exposure
        refused = CounterMetricFamily(
            "holdfast_guard_refusals",
            "Refused holds of batches with guarded items, by result and by rule or limit.",
            labels=["result", "rule"],
        )
        for (result, rule), count in sorted(watch.refused.items()):
            refused.add_metric([result, rule], count)
        yield refused
        yield from _counters(
            ("holdfast_exposure_freezes", "Items that their exposure or breaker froze.", watch.frozen),
            ("holdfast_replays", "Repeated commands answered as the first time.", measures.replays),
            ("holdfast_refused_full", "Commands refused because the queue was full.", measures.refused_full),
        )
        yield from _histograms(
            ("holdfast_batch_size", "Commands in one commit.", measures.batch_size),
            ("holdfast_commit_seconds", "Time of one durable commit.", measures.commit_s),
            ("holdfast_batch_seconds", "Time of one batch from load to commit.", measures.batch_s),
            ("holdfast_queue_wait_seconds", "Time from the queue to the batch.", measures.wait_s),
            ("holdfast_feed_lag_seconds", "Time from the commit to the watcher's socket.", feed.lag_s),
            (
                "holdfast_overlay_lag_seconds",
                "Time from the newest commit told of to an overlay viewer's socket.",
                self._holdfast.overlay_hub.lag_s,
            ),
        )
        yield from self._gauges()
        yield from self._of_sync

    def _gauges(self) -> Iterator[Metric]:
        holdfast = self._holdfast
        for name, text, value in (
            ("holdfast_queue_depth", "Commands taken and not answered yet.", holdfast.engine.queue_depth),
            (
                "holdfast_reviews_open",
                "Holds and orders that wait for a person's word; 1,000 stands for more.",
                holdfast.guards.reviews_open,
            ),
            (
                "holdfast_working",
                "1 when this server does the work in the background.",
                int(holdfast.working),
            ),
            ("holdfast_feed_watchers", "Feeds that are open now.", holdfast.feed.watchers),
            ("holdfast_overlay_viewers", "Overlay pages that are open now.", holdfast.overlay_hub.viewers),
            (
                "holdfast_store_ready",
                "1 when the store can be written.",
                int(holdfast.engine.trouble is None),
            ),
            (
                "holdfast_audit_differences",
                "Balances that are not the sum of their transfers; anything but 0 is an incident.",
                len(holdfast.auditor.differences),
            ),
            (
                "holdfast_audit_transfers",
                "Transfers the running audit has added up.",
                holdfast.auditor.checked_transfers,
            ),
            (
                "holdfast_clock_skew_seconds",
                "Ledger time ahead of the wall clock.",
                holdfast.clock.skew_us() / 1e6,
            ),
        ):
            yield GaugeMetricFamily(name, text, value)


def _counters(*rows: tuple[str, str, int]) -> Iterator[Metric]:
    for name, text, value in rows:
        yield CounterMetricFamily(name, text, value)


def _histograms(*rows: tuple[str, str, Histogram]) -> Iterator[Metric]:
    for name, text, histogram in rows:
        buckets = histogram.cumulative()
        yield HistogramMetricFamily(name, text, buckets=buckets, sum_value=histogram.sum)


def render_metrics(holdfast: Holdfast, of_sync: list[Metric] | None = None) -> bytes:
    """The text that Prometheus reads; on another thread than the loop's, `of_sync` has to be given."""
    registry = CollectorRegistry(auto_describe=False)
    if of_sync is None:
        of_sync = [*sync_metrics(holdfast.sync), *warning_metrics(holdfast)]
    registry.register(_Collector(holdfast, of_sync))
    return generate_latest(registry)
