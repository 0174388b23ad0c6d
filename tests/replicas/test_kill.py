"""SIGKILL of one of several servers under load: nothing answered is lost, nothing is sold twice."""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.faults.process import Process
from tests.faults.test_postgres_kill import Buyers
from tests.replicas.servers import Servers, wait_until, works

ROUNDS = int(os.environ.get("HOLDFAST_KILL_ROUNDS", "2"))


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.timeout(300)
def test_one_of_several_is_killed(servers: Servers, count: int) -> None:
    """The one that works is killed in the first round, any one later; it is started again each time."""
    chosen = int(os.environ.get("HOLDFAST_SEED") or random.SystemRandom().randrange(2**32))
    moments, answered = random.Random(chosen), 0
    with ExitStack() as stack:
        running = [stack.enter_context(servers.one())]
        running[0].set_up()
        running += [stack.enter_context(servers.one()) for _ in range(count - 1)]
        for number in range(ROUNDS):
            victim = running[0] if number == 0 else moments.choice(running)
            buyers = [Buyers(server.url, f"r{number}-{place}") for place, server in enumerate(running)]
            with ExitStack() as shops:
                for each in buyers:
                    shops.enter_context(each.buying())
                time.sleep(moments.uniform(0.2, 0.8))
                wait_until(lambda buyers=buyers: all(each.answered for each in buyers), 60)  # type: ignore[misc]
                victim.kill()
                left = [server for server in running if server is not victim]
                wait_until(lambda left=left: any(works(server) for server in left))  # type: ignore[misc]
            ids = [id for each in buyers for id in each.answered]
            check_counts(servers, left[0], ids)
            answered += len(ids)
            running = [*left, stack.enter_context(servers.one())]
    print(f"\n{count} servers: seed {chosen}, {ROUNDS} kills, {answered} answered holds, none lost")
    assert answered > 0


def check_counts(servers: Servers, server: Process, answered: list[str]) -> None:
    """All that was answered is on file, once, and the books are right."""
    reader = servers.reader()
    assert [id for id in answered if reader.hold(id) is None] == []
    reader.close()
    assert len(set(answered)) == len(answered)
    servers.verify()


def test_one_id_is_one_hold_whichever_server_it_comes_to(servers: Servers) -> None:
    """Four servers are asked for the same ids at once; three units are sold, under three ids, once each."""
    with ExitStack() as stack, ThreadPoolExecutor(8) as pool:
        running = [stack.enter_context(servers.one())]
        running += [stack.enter_context(servers.one("--role", "api")) for _ in range(3)]
        running[0].set_up(quantity=3)
        for number in range(6):
            answers = list(pool.map(lambda server, id=f"h{number}": server.hold(id), running))
            statuses = sorted(answer.status_code for answer in answers)
            assert statuses == ([200, 200, 200, 201] if number < 3 else [409] * 4)
        stock = running[3].client.get("/v1/stock/A").json()
        assert (stock["held"], stock["available"]) == (3, 0)
    servers.verify()
