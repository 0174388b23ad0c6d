"""A drop of 500 under 3,000 real requests at once: exactly 500 sold, and no limit passed by anybody."""

import random
import time
from collections import Counter

from bench.flash import crowd
from bench.flash.wire import storm
from tests.api.running import KEY, RunningServer, put

SEED = 1111
REQUESTS = 3_000


def test_a_drop_sells_exactly_what_it_has_and_no_person_or_device_more_than_allowed(
    server: RunningServer,
) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    buyers = crowd.scripted(1_000) + crowd.honest(400)
    guard = {"period": "drop", **crowd.SPEED_RULES}
    call = server.client
    put(call, f"/v1/channels/{crowd.CHANNEL}", {"platform": "shop", "name": "小店"})
    put(call, f"/v1/skus/{crowd.SKU}", {"name": "秒杀", "limits": crowd.LIMITS, "guard": guard})
    server.move(crowd.SKU, "supplier", f"channel:{crowd.CHANNEL}", crowd.UNITS)

    told = storm(server.port, KEY, crowd.tries(buyers, REQUESTS, {}, chance), time.time(), 64)

    stock = call.get(f"/v1/stock/{crowd.SKU}").json()
    assert (stock["held"], stock["available"]) == (crowd.UNITS, 0)
    assert len(told.placed) == crowd.UNITS
    page = call.get(f"/v1/holds?sku={crowd.SKU}&limit=1000").json()
    held = [hold["buyer"] for hold in page["items"]]
    assert Counter(held) == {each.buyer.name: 1 for each in told.placed}
    seen_as = {buyer.name: buyer for buyer in buyers}
    assert max(Counter(seen_as[name].device for name in held).values()) == 1
    assert max(Counter(seen_as[name].address for name in held).values()) <= 2
    assert max(Counter(seen_as[name].payment for name in held).values()) <= 2
    # The rules did something, and the honest did not pay for it.
    assert told.codes["too_fast"] > 0
    assert sum(each.buyer.honest for each in told.placed) >= crowd.UNITS - 200


def test_one_ticket_a_device_makes_the_race_a_draw(server: RunningServer) -> None:
    chance = random.Random(SEED)
    buyers = crowd.scripted(40) + crowd.honest(8)
    winners = crowd.drawn_by_device(buyers, 10, chance)
    assert len({buyer.device for buyer in winners}) == len(winners) == 10
    tickets = {buyer.name: f"ticket-{buyer.name}" for buyer in winners}
    for each in crowd.tries(buyers, 100, tickets, chance):
        own = tickets.get(each.buyer.name)
        assert each.buyer.name not in tickets or each.body.get("ticket") == own
    assert len({each.body["id"] for each in crowd.tries(buyers, 100, tickets, chance)}) == 100
