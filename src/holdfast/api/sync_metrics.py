"""The sync's part of `/metrics`: calls, pushes, lags and what is open, by channel."""

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from holdfast.sync.measures import ChannelMeasures, ChannelSync
from holdfast.sync.runtime import SyncRuntime

_Count = Callable[[ChannelMeasures], int]

_PLAIN: tuple[tuple[str, str, _Count], ...] = (
    ("pushes_repeated", "Pushes that were on file already.", lambda measures: measures.pushes_repeated),
    ("pushes_failed", "Pushes whose order could not be read.", lambda measures: measures.pushes_failed),
    ("echoes", "Pushes that our own writes caused.", lambda measures: measures.echoes),
    ("orders", "Tellings of orders that were booked.", lambda measures: measures.orders),
    ("orders_by_push", "Orders that a push told of first.", lambda measures: measures.orders_by_push),
    ("orders_by_poll", "Orders that a poll told of first.", lambda measures: measures.orders_by_poll),
    ("oversold_units", "Units sold beyond the right.", lambda measures: measures.oversold_units),
)


def sync_metrics(sync: SyncRuntime) -> Iterator[Metric]:
    """One family after the other, each with all connected channels."""
    channels = sync.channels()
    yield from _counters(channels)
    yield from _gauges(channels)
    yield _lags(channels)
    debts = GaugeMetricFamily(
        "holdfast_sync_debt_units",
        "Units sold that nothing covers yet; anything but 0 is an incident.",
        labels=["channel", "sku"],
    )
    for key, units in sorted(sync.debts().items()):
        debts.add_metric(list(key), units)
    yield debts


def _counters(channels: list[ChannelSync]) -> Iterator[Metric]:
    calls = CounterMetricFamily(
        "holdfast_sync_calls",
        "Calls to platforms, by what they came to.",
        labels=["channel", "operation", "outcome"],
    )
    pushes = CounterMetricFamily(
        "holdfast_sync_pushes", "Pushes taken in, by kind.", labels=["channel", "kind"]
    )
    refused = CounterMetricFamily(
        "holdfast_sync_pushes_refused",
        "Pushes, and checks of our address, refused: forged, stale, malformed or not for us.",
        labels=["channel", "reason"],
    )
    for each in channels:
        for (operation, outcome), count in sorted(each.measures.calls.items()):
            calls.add_metric([each.channel, operation, outcome], count)
        for kind, count in sorted(each.measures.pushes.items()):
            pushes.add_metric([each.channel, kind], count)
        for reason, count in sorted(each.measures.pushes_refused.items()):
            refused.add_metric([each.channel, reason], count)
    yield from (calls, pushes, refused)
    for name, text, count_of in _PLAIN:
        family = CounterMetricFamily(f"holdfast_sync_{name}", text, labels=["channel"])
        for each in channels:
            family.add_metric([each.channel], count_of(each.measures))
        yield family


def _gauges(channels: list[ChannelSync]) -> Iterator[Metric]:
    up = GaugeMetricFamily(
        "holdfast_sync_up", "1 while the platform's calls succeed.", labels=["channel", "platform"]
    )
    unmapped = GaugeMetricFamily(
        "holdfast_sync_unmapped_orders", "Orders with items that no listing maps.", labels=["channel"]
    )
    refused = GaugeMetricFamily(
        "holdfast_sync_refused_orders", "Orders that the ledger does not book.", labels=["channel"]
    )
    barred = GaugeMetricFamily(
        "holdfast_sync_refused_listings", "Listings that the platform refuses to change.", labels=["channel"]
    )
    writes = GaugeMetricFamily(
        "holdfast_sync_open_writes", "Writes whose end is not known yet.", labels=["channel"]
    )
    rights = GaugeMetricFamily(
        "holdfast_sync_right_units", "Units the platform may still sell.", labels=["channel", "listing"]
    )
    for each in channels:
        measures = each.measures
        up.add_metric([each.channel, each.platform], int(each.up))
        unmapped.add_metric([each.channel], len(measures.unmapped_orders))
        refused.add_metric([each.channel], len(measures.refused_orders))
        barred.add_metric([each.channel], len(measures.barred))
        writes.add_metric([each.channel], len(measures.open_writes))
        for listing, right in sorted(each.rights.items()):
            rights.add_metric([each.channel, listing], right)
    yield from (up, unmapped, refused, barred, writes, rights)


def _lags(channels: list[ChannelSync]) -> Metric:
    lags = HistogramMetricFamily(
        "holdfast_sync_lag_seconds",
        "An order until it is on file (message), a commit until its call is sent (send), a call until its "
        "answer (round_trip).",
        labels=["channel", "kind"],
    )
    for each in channels:
        measures = each.measures
        for kind, values in (
            ("message", measures.message_lag),
            ("send", measures.send_lag),
            ("round_trip", measures.round_trip),
        ):
            histogram = values.histogram
            lags.add_metric([each.channel, kind], histogram.cumulative(), histogram.sum)
    return lags
