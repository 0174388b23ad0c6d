"""Random shows of our own families, each with one trouble that hosts know. Same seed, same show."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import msgspec

from .demand import curve_units
from .scenario import (
    Api,
    Cancellation,
    Curve,
    LateStock,
    Outage,
    Platform,
    PollNews,
    PushNews,
    RateLimit,
    Scenario,
    Sku,
    Stream,
)

Rate = Callable[[float], float]
"""Orders a second at a time."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is special to a platform, as its public documents tell it."""

    dec: str
    idempotent: bool
    ack_stock: bool
    round_trip_s: tuple[float, float]


_KINDS = {
    "douyin": _Kind("refuse", True, False, (0.12, 0.22)),
    "kuaishou": _Kind("partial", True, False, (0.12, 0.28)),
    "taobao": _Kind("refuse", False, True, (0.09, 0.18)),
    "shop": _Kind("partial", True, True, (0.06, 0.10)),
}
_THREE = ("douyin", "kuaishou", "taobao")
_FOUR = (*_THREE, "shop")


def platform(name: str, random: Random, per_s: float | None = None) -> Platform:
    """A well-behaved platform of that kind, with the small troubles that every network has."""
    kind = _KINDS[name]
    per_s = per_s or random.choice((5, 8, 10, 15, 20))
    return Platform(
        id=name,
        rate_limit=RateLimit(per_s, max(2, int(per_s))),
        api=Api(
            rtt_median_s=round(random.uniform(*kind.round_trip_s), 3),
            rtt_sigma=0.45,
            rtt_min_s=0.05,
            rtt_max_s=0.8,
            timeout_s=1.5,
            p_lost_request=0.003,
            p_lost_response=0.003,
            p_error=0.004,
        ),
        push=PushNews(round(random.uniform(0.4, 1.2), 2), 0.8, 0.1, 60.0, p_lost=0.005, p_dup=0.01),
        poll=PollNews(max=200, index_lag_s=1.0),
        dec="partial" if kind.dec == "partial" else "refuse",
        idempotent=kind.idempotent,
        ack_stock=kind.ack_stock,
        read_stale_s=0.3,
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """A show before its items are added."""

    random: Random
    platforms: list[Platform]
    horizon_s: float

    def shares(self, evenness: float) -> list[float]:
        """How the demand splits over the platforms; the higher, the more even."""
        parts = [self.random.gammavariate(evenness, 1) for _ in self.platforms]
        return [part / sum(parts) for part in parts]

    def waves(self, every_s: float, length_s: float, height: float) -> Rate:
        """The host's pitches: each a steep rise and a slow fall, on top of 1."""
        begins, at_s = [], self.random.uniform(0.3, 0.8) * every_s
        while at_s < self.horizon_s - length_s:
            begins.append(
                (at_s, length_s * self.random.uniform(0.7, 1.4), height * self.random.uniform(0.5, 1.6))
            )
            at_s += every_s * self.random.uniform(0.8, 1.2)

        def rate(t: float) -> float:
            return 1.0 + sum(
                top * min((t - begin) / (0.15 * span), (begin + span - t) / (0.85 * span))
                for begin, span, top in begins
                if begin <= t <= begin + span
            )

        return rate

    def curves(self, rates: Sequence[Rate], units: float) -> list[Curve]:
        """The rates sampled, and scaled so that together they ask for so many units."""
        step_s = self.horizon_s / 150
        times_s = [step_s * number for number in range(151)]
        raw = [tuple((t, max(0.0, rate(t))) for t in times_s) for rate in rates]
        factor = units / max(1e-9, sum(curve_units(curve) for curve in raw))
        return [tuple((round(t, 2), round(rate * factor, 5)) for t, rate in curve) for curve in raw]

    def streams(self, sku: str, curves: Sequence[Curve], noise: float) -> tuple[Stream, ...]:
        """The curves as demand, each with a guess that is off by about `noise`."""
        return tuple(
            Stream(sku, spec.id, curve, round(curve_units(curve) * math.exp(self.random.gauss(0, noise)), 2))
            for spec, curve in zip(self.platforms, curves, strict=True)
        )

    def show(self, skus: Sequence[Sku], demand: Sequence[Stream]) -> Scenario:
        """The scenario without its name and seed."""
        return Scenario("", 0, self.horizon_s, tuple(self.platforms), tuple(skus), tuple(demand))


def _stage(random: Random, names: Sequence[str], horizon_s: float, per_s: float | None = None) -> _Stage:
    return _Stage(random, [platform(name, random, per_s) for name in names], horizon_s)


def _scaled(rate: Rate, factor: float) -> Rate:
    return lambda t: rate(t) * factor


def viral(random: Random) -> Scenario:
    """One platform goes viral within seconds; 8,000 want 5,000, and the forecast knew nothing of it."""
    stage = _stage(random, _THREE, 300.0)
    shares, waves = stage.shares(8), stage.waves(60, 12, 1.5)
    hot, at_s = random.randrange(3), random.uniform(40, 150)
    ramp_s, times = random.uniform(3, 20), random.uniform(4, 9)

    def rate(number: int) -> Rate:
        def at(t: float) -> float:
            boost = 1 + (times - 1) * min(1.0, max(0.0, (t - at_s) / ramp_s)) if number == hot else 1.0
            return shares[number] * waves(t) * boost

        return at

    curves = stage.curves([rate(number) for number in range(3)], 8_000)
    streams = tuple(
        msgspec.structs.replace(
            stream, forecast_units=round(8_000 * share * math.exp(random.gauss(0, 0.2)), 2)
        )
        for stream, share in zip(stage.streams("hero", curves, 0), shares, strict=True)
    )
    return stage.show([Sku("hero", 5_000)], streams)


def forgotten(random: Random) -> Scenario:
    """3,000 units stand on one platform, and 2,000 that nobody had counted turn up during the show."""
    stage = _stage(random, _FOUR, 600.0)
    waves = stage.waves(90, 20, 2.0)
    curves = stage.curves(
        [_scaled(waves, share) for share in stage.shares(4)], 5_000 * random.uniform(1.0, 1.3)
    )
    home = random.choice(stage.platforms).id
    late = LateStock(round(random.uniform(30, 240), 1), 2_000)
    sku = Sku("t-shirt", 5_000, known_stock=3_000, initial={home: 3_000}, late_stock=(late,))
    return stage.show([sku], stage.streams("t-shirt", curves, 0.35))


def lagging(random: Random) -> Scenario:
    """The platform that sells most tells of its orders many seconds late."""
    stage = _stage(random, _THREE, 300.0)
    shares, slow = stage.shares(6), random.randrange(3)
    shares[slow] = 1.6 * max(shares)
    spec = stage.platforms[slow]
    push = msgspec.structs.replace(
        spec.push, median_s=round(random.uniform(8, 16), 1), sigma=0.6, p_lost=0.01
    )
    stage.platforms[slow] = msgspec.structs.replace(
        spec,
        push=push,
        read_stale_s=round(random.uniform(4, 10), 1),
        poll=PollNews(200, round(random.uniform(2, 6), 1)),
    )
    waves = stage.waves(50, 10, 2.0)
    curves = stage.curves([_scaled(waves, share) for share in shares], 1_000 * random.uniform(1.0, 1.35))
    return stage.show([Sku("hero", 1_000)], stage.streams("hero", curves, 0.35))


def drop(random: Random) -> Scenario:
    """A flash drop: 500 units, gone in half a minute."""
    stage = _stage(random, _FOUR, 30.0)
    fades_s = random.uniform(4, 9)

    def rate(share: float, begins_s: float) -> Rate:
        def at(t: float) -> float:
            since_s = t - begins_s
            return (
                0.0
                if since_s < 0
                else share * min(1.0, since_s / 0.8) * (math.exp(-since_s / fades_s) + 0.05)
            )

        return at

    rates = [rate(share, random.uniform(0, 2)) for share in stage.shares(3)]
    curves = stage.curves(rates, 500 * random.uniform(1.05, 2.2))
    return stage.show([Sku("drop", 500)], stage.streams("drop", curves, 0.6))


def outage(random: Random) -> Scenario:
    """One platform's calls and messages fail for three minutes; its demand may rise or fall meanwhile."""
    stage = _stage(random, _THREE, 600.0)
    shares, down, begin_s = stage.shares(6), random.randrange(3), round(random.uniform(120, 330), 1)
    spec = stage.platforms[down]
    stage.platforms[down] = msgspec.structs.replace(
        spec, outages=(Outage(begin_s, begin_s + 180, True, True),)
    )
    waves, times = stage.waves(75, 15, 1.5), random.choice((1.0, 3.0, 0.25))

    def rate(number: int) -> Rate:
        def at(t: float) -> float:
            boost = times if number == down and begin_s - 20 < t < begin_s + 200 else 1.0
            return shares[number] * waves(t) * boost

        return at

    curves = stage.curves([rate(number) for number in range(3)], 3_000 * random.uniform(0.95, 1.3))
    return stage.show([Sku("hero", 3_000)], stage.streams("hero", curves, 0.35))


def cancellations(random: Random) -> Scenario:
    """A third of the orders is never paid, and comes back a quarter of an hour later."""
    stage = _stage(random, _FOUR, 3_600.0)
    early, late = stage.shares(5), stage.shares(3)

    def rate(number: int) -> Rate:
        return lambda t: 12 * early[number] if t < 300 else 0.45 * late[number]

    curves = stage.curves([rate(number) for number in range(4)], 1_500 * random.uniform(1.3, 1.9))
    show = stage.show([Sku("hero", 1_500)], stage.streams("hero", curves, 0.35))
    cancel = Cancellation(round(random.uniform(0.25, 0.4), 2), ((0.6, 890, 915), (0.4, 300, 1_800)))
    return msgspec.structs.replace(show, cancel=cancel, qty=((1, 0.9), (2, 0.1)))


def small(random: Random) -> Scenario:
    """One to three items, a few hundred orders, two to four platforms: what chaos is made of."""
    names = random.choice((_THREE, _FOUR, _THREE, ("douyin", "taobao")))
    stage = _stage(random, names, random.choice((60.0, 90.0, 120.0)), random.choice((2, 3, 5, 10)))
    skus: list[Sku] = []
    streams: list[Stream] = []
    for number in range(random.choice((1, 1, 2, 3))):
        name, stock = f"item-{number}", random.choice((5, 20, 80, 200, 300))
        waves = stage.waves(30, 8, 2.0)
        curves = stage.curves(
            [_scaled(waves, share) for share in stage.shares(2)], stock * random.uniform(0.5, 1.6)
        )
        initial = {spec.id: stock // 10 for spec in stage.platforms} if random.random() < 0.3 else {}
        late = (LateStock(round(random.uniform(5, 40), 1), stock // 5),) if random.random() < 0.3 else ()
        known = stock - sum(found.units for found in late)
        skus.append(Sku(name, stock, known, initial, late))
        streams.extend(stage.streams(name, curves, 0.6))
    share, to = random.choice((0.0, 0.1, 0.3)), random.choice(("counter", "seller"))
    cancel = Cancellation(share, ((1.0, 2, 60),), "seller" if to == "seller" else "counter")
    show = stage.show(skus, streams)
    return msgspec.structs.replace(show, cancel=cancel, qty=((1, 0.8), (2, 0.15), (3, 0.05)), setup_s=10.0)


FAMILIES: dict[str, Callable[[Random], Scenario]] = {
    family.__name__: family for family in (viral, forgotten, lagging, drop, outage, cancellations, small)
}


def generate(family: str, seed: int) -> Scenario:
    """The show of that family with that seed; raises `KeyError` for a family that is not in `FAMILIES`."""
    random = Random(f"{family}/{seed}")  # noqa: S311 - a simulation, nothing secret
    show = FAMILIES[family](random)
    return msgspec.structs.replace(show, id=f"{family}-{seed}", family=family, seed=seed)
