"""One show, whole: the world, our process, the all-knowing controller, and the checks after every event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from holdfast.channels.manifest import Manifest, UnderRun, WriteMode
from holdfast.sync.core import Core
from holdfast.sync.messages import ChannelSetup, ListingId

from . import process
from .demand import Customer, customers
from .manifests import manifest_of
from .measures import Figures, Measures
from .oracle import Best, all_knowing
from .process import Book, Driver, Entry, Hazards
from .scenario import Platform, Scenario
from .world import World

_SAMPLES = 800
_PROBLEMS_MAX = 20

MakeCore = Callable[[], process.Core]


@dataclass(slots=True)
class History:
    """Samples for the picture: counter and right of every listing, units unsold of every SKU."""

    times_s: list[float] = field(default_factory=list)
    counters: dict[ListingId, list[int]] = field(default_factory=dict)
    rights: dict[ListingId, list[int]] = field(default_factory=dict)
    left: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Played:
    """A show that was played; `problems` are the checks that failed, the first ones first."""

    scenario: Scenario
    rep: int
    figures: Figures
    problems: list[str]
    crash_count: int
    best: dict[str, Best]
    history: History | None = None


class Show:
    """A show with its parts at hand; `play` runs it to the end."""

    def __init__(
        self,
        scenario: Scenario,
        rep: int = 0,
        make_core: MakeCore = Core,
        hazards: Hazards | None = None,
        *,
        keeps_rights: bool = True,
        with_history: bool = False,
        everybody: Sequence[Customer] | None = None,
    ) -> None:
        self.scenario = scenario
        self.rep = rep
        self.problems: list[str] = []
        self._keeps_rights = keeps_rights
        everybody = customers(scenario, rep) if everybody is None else everybody
        self.best = all_knowing(scenario, everybody)
        self.measures = Measures(scenario, self.best)
        self.book = _opened(scenario)
        self.world = World(scenario, everybody, self.measures, f"noise/{scenario.seed}/{rep}")
        self.driver = Driver(self.world, self.book, make_core, hazards)
        self.world.controller = self.driver
        self.world.after_event = self._after_event
        self.history = History() if with_history else None
        self._next_sample_s = -scenario.setup_s
        self._sample_every_s = (scenario.horizon_s + scenario.setup_s) / _SAMPLES
        self._listings = [
            ListingId(platform.id, sku.id) for platform in scenario.platforms for sku in scenario.skus
        ]
        self._of_sku = {
            sku.id: [listing for listing in self._listings if listing.listing == sku.id]
            for sku in scenario.skus
        }

    def play(self) -> Played:
        """From the setup to the end of the show."""
        self.driver.start()
        self.world.play()
        return Played(
            self.scenario,
            self.rep,
            self.measures.figures(),
            self.problems,
            self.driver.crash_count,
            self.best,
            self.history,
        )

    def unequal(self) -> list[str]:
        """Listings whose counter is not the right on file, or whose writes are not settled."""
        found = []
        for listing, entry in self.book.entries.items():
            counter = self.world.platforms[listing.channel].counters[listing.listing]
            if counter != entry.right or entry.writes or entry.debt:
                found.append(
                    f"{listing.channel}/{listing.listing}: counter {counter}, right {entry.right}, "
                    f"debt {entry.debt}, unsettled {[str(write.status) for write in entry.writes.values()]}"
                )
        return found

    def _after_event(self, now_s: float) -> None:
        touched = self.measures.check()
        if self.history is not None and now_s >= self._next_sample_s:
            self._sample(self.history, now_s)
        if not self._keeps_rights:
            return
        if self.measures.oversold or self.measures.violations:
            self._problem(now_s, "sold or shown beyond the stock")
        touched |= self.book.touched
        self.book.touched.clear()
        for sku in touched:
            self._check_rights(sku, now_s)
        if self.driver.breaches:
            for breach in self.driver.breaches:
                self._problem(now_s, breach)
            self.driver.breaches.clear()

    def _check_rights(self, sku: str, now_s: float) -> None:
        """No right sum above the stock; no counter that could sell more than its right."""
        physical, accounted = self.measures.physical(sku), self.book.accounted(sku)
        if accounted > physical:
            self._problem(now_s, f"{sku}: {accounted} units on file, {physical} there")
        for listing in self._of_sku[sku]:
            entry = self.book.entries[listing]
            unheard = self.measures.taken[listing.channel, sku] - entry.heard
            counter = self.world.platforms[listing.channel].counters[sku]
            if counter + unheard > entry.right - entry.debt:
                told = f"counter {counter} and {unheard} sold unheard, right {entry.right}"
                self._problem(now_s, f"{listing.channel}/{sku}: {told}")

    def _problem(self, now_s: float, text: str) -> None:
        if len(self.problems) < _PROBLEMS_MAX:
            self.problems.append(f"at {now_s:.3f} s: {text}")

    def _sample(self, history: History, now_s: float) -> None:
        self._next_sample_s = now_s + self._sample_every_s
        history.times_s.append(now_s)
        for listing in self._listings:
            counter = self.world.platforms[listing.channel].counters[listing.listing]
            history.counters.setdefault(listing, []).append(counter)
            history.rights.setdefault(listing, []).append(self.book.entries[listing].right)
        for sku in self.scenario.skus:
            history.left.setdefault(sku.id, []).append(self.measures.left(sku.id))


def manifest_for(platform: Platform, returns_to: str) -> Manifest:
    """The declaration of a simulated platform, our own additions to the format included."""
    fields = msgspec.to_builtins(platform)
    negative = platform.dec == "negative"
    manifest = manifest_of(fields | {"dec": "refuse"} if negative else fields, returns_to)
    return replace(
        manifest,
        under_run=UnderRun.NEGATIVE if negative else manifest.under_run,
        write=WriteMode.COMPARE_AND_SET if platform.write == "compare_and_set" else manifest.write,
    )


def _opened(scenario: Scenario) -> Book:
    """The book as it is before the show: what counters show is given out, the rest is not."""
    returns_to = scenario.cancel.returns_to
    channels = [
        ChannelSetup(platform.id, manifest_for(platform, returns_to)) for platform in scenario.platforms
    ]
    forecasts = {(stream.platform, stream.sku): stream.forecast_units for stream in scenario.demand}
    entries = {
        ListingId(platform.id, sku.id): Entry(
            sku.id,
            sku.initial.get(platform.id, 0),
            forecasts.get((platform.id, sku.id), 0.0) / scenario.horizon_s,
        )
        for sku in scenario.skus
        for platform in scenario.platforms
    }
    pools = {sku.id: sku.known - sum(sku.initial.values()) for sku in scenario.skus}
    return Book(channels, entries, pools)
