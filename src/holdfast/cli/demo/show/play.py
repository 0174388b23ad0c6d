"""The whole act in order: platforms, server, stage, viewers with the weather, quiet, proof."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from rich.console import Console

from holdfast.cli.client import ApiClient

from ..child import play_crowd, run_verify
from ..faults import DemoFailed
from ..keys import BUYERS_KEY, make_key
from ..server_process import ServerProcess
from .picture import Picture
from .plan import CHANNELS, NAMES, PLATFORMS, SILENT, SKU, VIRAL, Plan
from .platforms import PRODUCT, VARIANT, Platform, running
from .proof import Proof, Witness, prove
from .script import Checkout, Script
from .stage import set_stage, wait_until_stocked
from .watch import Look, Move, Watch

BUYERS = "holdfast.cli.demo.show.buyers"
LOOK_EVERY_S = 0.4
QUIET_TIMEOUT_S = 30.0


class Outcome(msgspec.Struct, frozen=True):
    """What the act came to; times in seconds since the show began."""

    plan: Plan
    proof: Proof
    report: dict[str, Any]
    look: Look
    moves: list[Move]
    outage_s: list[float]
    quiet_after_s: float
    verify: dict[str, Any]
    took_s: float


class Weather:
    """Carries out what the plan has in store for the platforms; `outage_s` is when it really did."""

    def __init__(self, plan: Plan, platforms: Mapping[str, Platform], picture: Picture) -> None:
        self.outage_s: list[float] = []
        self._plan = plan
        self._silent = platforms[SILENT]
        self._picture = picture
        self._viral_told = False

    def now(self, at_s: float) -> None:
        """Do what is due."""
        begins_s, ends_s = self._plan.outage_s
        if not self._viral_told and at_s >= self._plan.viral_at_s:
            self._viral_told = True
            self._picture.event(f"{NAMES[VIRAL]} goes viral 爆单")
        if not self.outage_s and at_s >= begins_s:
            self._lose(1.0, at_s, "loses every webhook 推送全部丢失")
        if at_s >= ends_s:
            self.end(at_s)

    def end(self, at_s: float) -> None:
        """Do what is still due: a machine that was too busy to look may owe the end of the outage."""
        if len(self.outage_s) == 1:
            self._lose(0.0, at_s, "delivers webhooks again 推送恢复")

    def _lose(self, share: float, at_s: float, words: str) -> None:
        self._silent.lose_pushes(share)
        self._picture.losing_pushes = share > 0
        self.outage_s.append(round(at_s, 3))
        self._picture.event(f"{NAMES[SILENT]} {words}")


def play_show(plan: Plan, folder: Path, console: Console) -> Outcome:
    """Play it in a folder of its own; raises DemoFailed, RequestFailed or ServerFailed."""
    started = perf_counter()
    with running(PLATFORMS, plan.seed, folder) as platforms, ServerProcess(folder) as server:
        with ApiClient(server.url, server.key) as client:
            set_stage(client, server.url, platforms, plan)
            wait_until_stocked(platforms)
            script = _script(plan, platforms, server.url, make_key(client, BUYERS_KEY, "integration"))
            _announce(console, plan, platforms, server)
            watch = Watch(client, platforms)
            with Picture(console, plan) as picture:
                weather = Weather(plan, platforms, picture)
                report = _live(script, picture, watch, weather)
                over = perf_counter()
                look = _quiet(picture, watch, platforms)
            quiet_after_s = perf_counter() - over
            orders_there = {name: platform.orders() for name, platform in platforms.items()}
            moves, beyond_right = watch.all_moves(), watch.beyond_right()
        server.stop()
    verify = run_verify(server.store_url)
    witness = Witness(
        plan.stock, report["buyers"], report["channels"], orders_there, look, beyond_right, verify
    )
    took_s = perf_counter() - started
    return Outcome(plan, prove(witness), report, look, moves, weather.outage_s, quiet_after_s, verify, took_s)


def _script(plan: Plan, platforms: Mapping[str, Platform], url: str, key: str) -> Script:
    checkouts = {
        name: Checkout(platform.control_url, PRODUCT, VARIANT) for name, platform in platforms.items()
    }
    return Script(plan, checkouts, url, key, SKU)


def _announce(console: Console, plan: Plan, platforms: Mapping[str, Platform], server: ServerProcess) -> None:
    where = ", ".join(f"{NAMES[name]} {each.credentials['base_url']}" for name, each in platforms.items())
    console.print(f"Server 服务: {server.url}   platforms 平台: {where}", highlight=False, soft_wrap=True)
    if server.console_link is not None:
        console.print(f"Console 控制台: {server.console_link}", highlight=False, soft_wrap=True)
    console.print(
        f"{plan.stock:,} units 件 of {SKU} on {len(CHANNELS)} channels 渠道 for {plan.show_s:g} s; "
        f"order lists are read every 轮询间隔 {plan.poll_every_s:g} s; seed 种子 {plan.seed}\n",
        highlight=False,
        soft_wrap=True,
    )


def _live(script: Script, picture: Picture, watch: Watch, weather: Weather) -> dict[str, Any]:
    """Let the viewers come, and look at everybody until they are done."""
    with _viewers(script, picture) as (done, outcome):
        while not done.wait(LOOK_EVERY_S):
            weather.now(picture.at_s)
            picture.update(watch.look(), watch.moves)
    weather.end(picture.at_s)
    report: dict[str, Any] | Exception = outcome[0]
    if isinstance(report, Exception):
        raise report
    return report


@contextmanager
def _viewers(script: Script, picture: Picture) -> Iterator[tuple[threading.Event, list[Any]]]:
    """The viewers' process, listened to on a thread; `outcome` holds its report, or why there is none."""
    done, abandoned = threading.Event(), threading.Event()
    outcome: list[Any] = []

    def listen(said: dict[str, Any]) -> None:
        if abandoned.is_set():
            # Raised to where the process is held, which ends it.
            raise DemoFailed("nobody listens to the viewers any more")
        if picture.started_at is None:
            picture.started_at = datetime.now(UTC) - timedelta(seconds=said["at_s"])
        picture.said = said

    def run() -> None:
        try:
            outcome.append(play_crowd(BUYERS, script, listen))
        except Exception as error:  # noqa: BLE001 - raised again on the main thread
            outcome.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=run, name="holdfast-demo-viewers", daemon=True)
    thread.start()
    try:
        yield done, outcome
    except BaseException:
        abandoned.set()
        raise
    finally:
        thread.join()


def _quiet(picture: Picture, watch: Watch, platforms: Mapping[str, Platform]) -> Look:
    """Look until all is booked and nothing is under way; the last look, whether or not it came to that."""
    picture.phase = "Quiet: late news is read, counters settle 收尾对账"
    end = time.monotonic() + QUIET_TIMEOUT_S
    while True:
        look = watch.look()
        picture.update(look, watch.moves)
        if time.monotonic() > end or (look.quiet and _all_heard(look, platforms)):
            return look
        time.sleep(LOOK_EVERY_S)


def _all_heard(look: Look, platforms: Mapping[str, Platform]) -> bool:
    return all(
        platform.orders() == look.lines[name].by_push + look.lines[name].by_poll
        for name, platform in platforms.items()
    )
