"""The warnings' part of `/metrics`: what was told, how soon, and what became of the messages."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from holdfast.app import Holdfast


def warning_metrics(holdfast: Holdfast) -> list[Metric]:
    """One family after the other; on the loop's thread."""
    return list(_families(holdfast))


def _families(holdfast: Holdfast) -> Iterator[Metric]:
    watch, delivery = holdfast.warnings.measures, holdfast.destinations.measures
    told = CounterMetricFamily(
        "holdfast_warnings_told", "Warnings told, by what happened and level.", labels=["kind", "level"]
    )
    for key, count in sorted(watch.told.items()):
        told.add_metric(list(key), count)
    yield told
    sent = CounterMetricFamily(
        "holdfast_deliveries", "Messages to destinations, by kind and outcome.", labels=["kind", "outcome"]
    )
    for key, count in sorted(delivery.outcomes.items()):
        sent.add_metric(list(key), count)
    yield sent
    for name, text, histogram in (
        ("holdfast_warning_lag_seconds", "Time from a commit to its warning being saved.", watch.lag_s),
        (
            "holdfast_delivery_seconds",
            "Time from a warning to the destination that took it.",
            delivery.seconds,
        ),
    ):
        yield HistogramMetricFamily(name, text, buckets=histogram.cumulative(), sum_value=histogram.sum)
    waiting = GaugeMetricFamily(
        "holdfast_notices_waiting", "Notices not delivered yet.", labels=["destination"]
    )
    for found in holdfast.destinations.all():
        waiting.add_metric([found.id], found.waiting)
    yield waiting
