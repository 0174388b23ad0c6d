"""How calls and messages travel: delays, losses, repeats, outages, and calls applied after they timed out."""

import math
from dataclasses import dataclass
from random import Random

from holdfast.rehearsal.scenario import Platform, PushNews

# What the format fixes for everybody.
_OUTAGE_APPLIES_SHARE = 0.10
_LOST_REQUEST_APPLIES_SHARE = 0.20
_ERROR_APPLIES_SHARE = 0.20
_ZOMBIE_DELAY_S = (0.5, 5.0)
_REACHES_AT = (0.35, 0.65)
_HELD_BACK_LOST_SHARE = 0.20
_HELD_BACK_SPREAD_S = 5.0
_REPEAT_SPREAD_S = (0.1, 5.0)
_LAG_SPREAD = (0.5, 1.5)


@dataclass(frozen=True, slots=True)
class Journey:
    """One call: when it reaches the platform, and when the caller hears its answer, an error, or gives up."""

    reaches_at_s: float | None
    answer_at_s: float | None = None
    error_at_s: float | None = None
    timeout_at_s: float | None = None


class Network:
    """The network between us and one platform; `calm` makes it lossless and ends every outage."""

    def __init__(self, spec: Platform, random: Random) -> None:
        self._spec = spec
        self._random = random
        self.calm = False

    def call(self, now_s: float) -> Journey:
        """The fate of a call that is made now."""
        api, random = self._spec.api, self._random
        round_trip_s = api.rtt_median_s * math.exp(random.gauss(0, api.rtt_sigma))
        round_trip_s = min(api.rtt_max_s, max(api.rtt_min_s, round_trip_s))
        reaches_s = now_s + round_trip_s * random.uniform(*_REACHES_AT)
        done_s, timeout_s = now_s + round_trip_s, now_s + api.timeout_s
        if self.calm:
            return Journey(reaches_s, answer_at_s=done_s)
        if any(outage.api and outage.from_s <= now_s < outage.until_s for outage in self._spec.outages):
            return Journey(reaches_s if self._chance(_OUTAGE_APPLIES_SHARE) else None, timeout_at_s=timeout_s)
        fate = random.random()
        if fate < api.p_lost_request:
            if self._chance(_LOST_REQUEST_APPLIES_SHARE):
                return Journey(timeout_s + random.uniform(*_ZOMBIE_DELAY_S), timeout_at_s=timeout_s)
            return Journey(None, timeout_at_s=timeout_s)
        fate -= api.p_lost_request
        if fate < api.p_lost_response:
            return Journey(reaches_s, timeout_at_s=timeout_s)
        if fate - api.p_lost_response < api.p_error:
            return Journey(reaches_s if self._chance(_ERROR_APPLIES_SHARE) else None, error_at_s=done_s)
        return Journey(reaches_s, answer_at_s=done_s)

    def push(self, now_s: float) -> list[float]:
        """When a message that is sent now arrives: never, once or twice."""
        push = self._spec.push
        if self.calm:
            return [now_s + self._delay_s(push)]
        if self._chance(push.p_lost):
            return []
        arrivals_s = []
        for number in range(2 if self._chance(push.p_dup) else 1):
            at_s = now_s + self._delay_s(push) + number * self._random.uniform(*_REPEAT_SPREAD_S)
            for lag in self._spec.lags:
                if lag.from_s <= now_s < lag.until_s:
                    at_s += lag.extra_s * self._random.uniform(*_LAG_SPREAD)
            held_back = self._held_back(at_s)
            if held_back is not None:
                arrivals_s.append(held_back)
        return arrivals_s

    def _delay_s(self, push: PushNews) -> float:
        delay_s = push.median_s * math.exp(self._random.gauss(0, push.sigma))
        return min(push.max_s, max(push.min_s, delay_s))

    def _held_back(self, at_s: float) -> float | None:
        """When a message arrives that would arrive then; None if an outage swallows it."""
        for outage in self._spec.outages:
            if outage.push and outage.from_s <= at_s < outage.until_s:
                if self._chance(_HELD_BACK_LOST_SHARE):
                    return None
                at_s = outage.until_s + self._random.uniform(0, _HELD_BACK_SPREAD_S)
        return at_s

    def _chance(self, share: float) -> bool:
        return self._random.random() < share
