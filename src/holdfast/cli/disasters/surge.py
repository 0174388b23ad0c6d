"""A surge that takes everything before the fans' minutes: a whole Holdfast, in simulated time."""

import asyncio
import random
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from holdfast.app import Holdfast
from holdfast.engine.clock import LedgerClock
from holdfast.ledger.accounts import AccountKind
from holdfast.ledger.commands import (
    Command,
    ConfirmHold,
    PlaceHold,
    PostTransfer,
    PutChannel,
    PutSku,
    ReleaseHold,
)
from holdfast.operations.reserve.proposal import Proposal, ProposalStatus
from holdfast.operations.shows.model import Item, Show, Strategy
from holdfast.operations.shows.rundown import Who
from holdfast.settings import Settings

from .disaster import Claim, Disaster, Figure, Outcome, Words

UNITS = 3_000
RESERVE_PERCENT = 15
TICK_S = 2
SURGE_S = 700
SURGE_A_TICK = (8, 16)
UNPAID_SHARE = 0.2
PAID_AFTER_S, CANCELLED_AFTER_S = 6, 60
FANS_FROM_S, FANS_UNTIL_S = 720, 1_140
FANS_A_TICK = (2, 4)
FAN_TRIES = 4
AGAIN_AFTER_S = 10
LAST_S = 1_260
SKU, CHANNEL, SHOW, OPERATOR = "SURGE", "shop", "tonight", "控场小李"
_US = 1_000_000
_BEGIN_US = 1_764_158_400 * _US


@dataclass(slots=True)
class _Evening:
    """What came of it, in units and seconds since the start."""

    fans: int = 0
    fans_served: int = 0
    sold: int = 0
    left: int = 0
    first_zero_s: int | None = None
    steps: list[tuple[int, Proposal]] = field(default_factory=list)
    problems: int = 0


class _Play:
    """One evening, second by second; the same seed brings the same people."""

    def __init__(self, holdfast: Holdfast, chance: random.Random, clock: list[int], *, kept: bool) -> None:
        self.holdfast = holdfast
        self.chance = chance
        self.clock = clock
        self.kept = kept
        self.evening = _Evening()
        self.due: dict[int, list[Command]] = defaultdict(list)
        self.fans: dict[int, list[tuple[str, int]]] = defaultdict(list)

    async def run(self) -> _Evening:
        """From the start of the show to its end."""
        await self._prepare()
        for second in range(0, LAST_S, TICK_S):
            self.clock[0] = _BEGIN_US + second * _US
            await self._people(second)
            if self.kept and self.evening.first_zero_s is not None:
                await self.holdfast.reserve.look()
                await self._operator(second)
        stock = await self.holdfast.read(lambda reader: reader.stock(SKU))
        assert stock is not None
        self.evening.sold, self.evening.left = stock.committed, stock.on_hand - stock.committed
        problems = await self.holdfast.read(lambda reader: reader.verify(lambda name: None))
        self.evening.problems = len(problems)
        return self.evening

    async def _prepare(self) -> None:
        engine, shows = self.holdfast.engine, self.holdfast.shows
        await engine.submit((PutChannel(CHANNEL, "shop", "达人直播间", "stage"),))
        await engine.submit((PutSku(SKU, "爆款", "stage"),))
        await engine.submit((_move("goods", AccountKind.SUPPLIER, AccountKind.UNALLOCATED, UNITS),))
        percent = RESERVE_PERCENT if self.kept else 0
        item = Item(SKU, UNITS, Strategy.RESERVE, percent)
        show = Show(SHOW, "达人专场", (CHANNEL,), _BEGIN_US, _BEGIN_US + LAST_S * _US, (item,))
        await shows.put(show, self._who("plan"))
        await shows.go_live(SHOW, self._who("start"))
        on_sale = UNITS - UNITS * percent // 100
        await engine.submit((_move("sale", AccountKind.UNALLOCATED, AccountKind.CHANNEL, on_sale),))

    async def _people(self, second: int) -> None:
        """Those who press the button now; who is not served tries again, if he is a fan."""
        wishes = []
        if second < SURGE_S:
            wishes = [(f"s{second}-{number}", 0) for number in range(self.chance.randint(*SURGE_A_TICK))]
        fans = self.fans.pop(second, [])
        if FANS_FROM_S <= second < FANS_UNTIL_S:
            new = [(f"f{second}-{number}", FAN_TRIES) for number in range(self.chance.randint(*FANS_A_TICK))]
            self.evening.fans += len(new)
            fans += new
        placed = [
            PlaceHold(f"{id}-{tries}", CHANNEL, id, ((SKU, 1),), "buyer", ttl_s=1_800)
            for id, tries in (*wishes, *fans)
        ]
        # What is due comes first, so that it may be bought again in the same moment.
        due = self.due.pop(second, [])
        decisions = (await self.holdfast.engine.submit([*due, *placed]))[len(due) :]
        for (id, tries), hold, decision in zip((*wishes, *fans), placed, decisions, strict=True):
            unpaid = not tries and self.chance.random() < UNPAID_SHARE
            if decision.code.value != "placed":
                if self.evening.first_zero_s is None:
                    self.evening.first_zero_s = second
                if tries > 1:
                    self.fans[second + AGAIN_AFTER_S].append((id, tries - 1))
            elif unpaid:
                self.due[second + CANCELLED_AFTER_S].append(ReleaseHold(hold.id, "buyer"))
            else:
                self.due[second + PAID_AFTER_S].append(ConfirmHold(hold.id, "buyer"))
                self.evening.fans_served += bool(tries)

    async def _operator(self, second: int) -> None:
        """Opens for the fans, and keeps the reserve shut before their minutes."""
        reserve = self.holdfast.reserve
        for proposal in reserve.proposals.all():
            if proposal.status is not ProposalStatus.OPEN:
                continue
            if second < FANS_FROM_S:
                await reserve.reject(proposal.id, self._who(""))
            else:
                done = await reserve.approve(proposal.id, self._who(""))
                self.evening.steps.append((second, done))

    def _who(self, id: str) -> Who:
        return Who(OPERATOR, id, self.clock[0])


def _move(id: str, source: AccountKind, target: AccountKind, units: int) -> PostTransfer:
    scope = CHANNEL if target is AccountKind.CHANNEL else ""
    return PostTransfer(id, SKU, source, "", target, scope, units, "stage", "stage")


async def _evening(seed: int, *, kept: bool) -> _Evening:
    clock = [_BEGIN_US]
    with tempfile.TemporaryDirectory(prefix="holdfast-disaster-") as folder:
        settings = Settings(store=f"sqlite:///{Path(folder) / 'surge.db'}", audit=False)
        holdfast = Holdfast(settings, LedgerClock(lambda: clock[0], lambda: clock[0]))
        await holdfast.start()
        try:
            chance = random.Random(seed)  # noqa: S311 - a script, nothing secret
            return await _Play(holdfast, chance, clock, kept=kept).run()
        finally:
            await holdfast.stop()


def _play(seed: int) -> Outcome:
    without = asyncio.run(_evening(seed, kept=False))
    kept = asyncio.run(_evening(seed, kept=True))
    reserve = UNITS * RESERVE_PERCENT // 100
    opened = sum(proposal.units for _, proposal in kept.steps)
    zero_s = kept.first_zero_s or LAST_S
    first_s = kept.steps[0][0] if kept.steps else 0
    return Outcome(
        (
            Figure(
                Words("买到的老粉（预留时段）", "fans served in their minutes"),
                without.fans_served,
                kept.fans_served,
            ),
            Figure(Words("来抢的老粉", "fans who came"), without.fans, kept.fans),
            Figure(Words("卖出件数", "units sold"), without.sold, kept.sold),
            Figure(Words("弹性库存分几次开放", "steps of the reserve"), 0, len(kept.steps)),
        ),
        (
            Claim(
                Words("没有对策时老粉几乎什么都没买到", "without the remedy the fans found next to nothing"),
                without.fans_served * 10 <= without.fans,
            ),
            Claim(
                Words("没有超卖，账实相符", "nothing oversold, and the books add up"),
                kept.sold <= UNITS and not kept.problems and not without.problems,
            ),
            Claim(
                Words(
                    f"主库存首次显示 0 是第 {zero_s} 秒；确认售罄后，第 {first_s} 秒才开放",
                    f"the first 0 was at {zero_s} s; it was opened at {first_s} s, once truly out",
                ),
                bool(kept.steps)
                and first_s > zero_s
                and all(each.figures.out_for_s >= 3 for _, each in kept.steps),
            ),
            Claim(
                Words(
                    f"{reserve} 件分 {len(kept.steps)} 次全部开放并卖完",
                    f"all {reserve} opened in steps and sold",
                ),
                len(kept.steps) > 1 and opened == reserve and kept.left == 0,
            ),
        ),
        tuple(
            Words(
                f"第 {second} 秒，{each.decided_by} 批准：{each.words_zh()}",
                f"at {second} s, approved by {each.decided_by}: {each.words_en()}",
            )
            for second, each in kept.steps
        ),
    )


SURGE = Disaster(
    "surge",
    Words("达人流量涌入，返场时段没货给老粉", "an influencer's surge leaves nothing for the fans' minutes"),
    Words("全部库存一次上架", "the whole stock on sale at once"),
    Words(
        f"预留 {RESERVE_PERCENT}%，确认售罄后经批准分次开放",
        f"{RESERVE_PERCENT} % kept in reserve, opened in steps once truly out",
    ),
    _play,
)
