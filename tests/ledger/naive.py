"""A naive model of the ledger: dictionaries, one command at a time, and no code of ours.

Account names and codes are written out here again on purpose: nothing in this file imports holdfast.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Answer = tuple[str, bool]
"""Code, and whether it is a repeat of an earlier answer."""

OUTSIDE = ("supplier", "customer", "adjustment", "oversold")
MOST = 10**15

TARGETS = {
    "supplier": "unallocated reserve drop channel unsellable",
    "adjustment": "unallocated reserve drop channel unsellable",
    "unallocated": "unallocated reserve drop channel unsellable supplier adjustment oversold",
    "reserve": "unallocated reserve drop channel unsellable adjustment oversold",
    "drop": "unallocated reserve drop channel unsellable adjustment",
    "channel": "unallocated reserve drop channel unsellable adjustment oversold committed",
    "committed": "customer unallocated channel unsellable",
    "unsellable": "unallocated supplier adjustment",
    "customer": "unsellable unallocated",
    "oversold": "committed channel",
}


@dataclass
class Naive:
    """Everything there is; `posted` and `held` are by (sku, location, account name)."""

    now: int = 0
    skus: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    used_as_part: set[str] = field(default_factory=set)
    holds: dict[str, dict[str, Any]] = field(default_factory=dict)
    first: dict[tuple[str, str], tuple[list[Any], str]] = field(default_factory=dict)
    posted: defaultdict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    held: defaultdict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    taken: defaultdict[tuple[str, str, str, str], int] = field(default_factory=lambda: defaultdict(int))

    def put_sku(self, name: str, body: dict[str, Any]) -> Answer:
        if self.skus.get(name) == body:
            return "unchanged", True
        parts = [part for part, _ in body["parts"]]
        if parts:
            if name in self.used_as_part:
                return "sku_is_component", False
            if any(key[0] == name and amount for key, amount in self.posted.items()):
                return "sku_has_stock", False
            if any(part == name or part not in self.skus for part in parts):
                return "unknown_component", False
            if any(self.skus[part]["parts"] for part in parts):
                return "component_is_bundle", False
            self.used_as_part.update(parts)
        self.skus[name] = body
        return "saved", False

    def put_channel(self, name: str, body: dict[str, Any]) -> Answer:
        if self.channels.get(name) == body:
            return "unchanged", True
        self.channels[name] = body
        return "saved", False

    def transfer(
        self, id: str, sku: str, location: str, source: str, target: str, quantity: int, reason: str
    ) -> Answer:
        body = [sku, location, source, target, quantity, reason]
        names = ["sku", "location", "from", "to", "quantity", "reason"]
        repeat = self._repeat(("transfer", id), body, names)
        if repeat:
            return repeat
        code = self._judge_transfer(sku, location, source, target, quantity)
        self.first["transfer", id] = (body, code)
        if code == "posted":
            self.posted[sku, location, source] -= quantity
            self.posted[sku, location, target] += quantity
        return code, False

    def _judge_transfer(self, sku: str, location: str, source: str, target: str, quantity: int) -> str:
        from_kind, _, from_name = source.partition(":")
        to_kind, _, to_name = target.partition(":")
        for kind, name in ((from_kind, from_name), (to_kind, to_name)):
            if kind in ("channel", "committed", "oversold") and name not in self.channels:
                return "unknown_channel"
        if sku not in self.skus:
            return "unknown_sku"
        if source == target:
            return "accounts_must_differ"
        if to_kind not in TARGETS[from_kind].split():
            return "transfer_not_allowed"
        if self.skus[sku]["parts"]:
            return "sku_is_bundle"
        left = self.posted[sku, location, source] - quantity
        if from_kind not in OUTSIDE and left < self.held[sku, location, source]:
            return "insufficient_available"
        if left < -MOST or self.posted[sku, location, target] + quantity > MOST:
            return "balance_limit_exceeded"
        return "posted"

    def place(
        self, id: str, channel: str, buyer: str, key: str, lines: list[tuple[str, int]], ttl: int
    ) -> Answer:
        order: dict[str, int] = {}
        for sku, quantity in lines:
            order[sku] = order.get(sku, 0) + quantity
        body = [channel, (buyer, key), set(order), order, ttl]
        repeat = self._repeat(("hold", id), body, ["channel", "buyer", "lines", "quantity", "ttl"])
        if repeat:
            return repeat
        code = self._judge_sale(channel, order) or self._judge_limits(channel, buyer, key or buyer, order)
        draws = self._taken_apart(order) if not code else {}
        if not code and any(self._free(sku, channel) < quantity for sku, quantity in draws.items()):
            short = next(sku for sku, quantity in draws.items() if self._free(sku, channel) < quantity)
            code = "sale_not_open" if self._waits_for_drop(short) else "insufficient_available"
        self.first["hold", id] = (body, code or "placed")
        if code:
            return code, False
        self._keep(id, channel, buyer, key, order, draws, ttl)
        return "placed", False

    def order(self, id: str, channel: str, buyer: str, lines: list[tuple[str, int]], paid: bool) -> Answer:
        order: dict[str, int] = {}
        for sku, quantity in lines:
            order[sku] = order.get(sku, 0) + quantity
        if id in self.holds:
            status = self.holds[id]["status"]
            if status == "confirmed":
                return "confirmed", True
            if not paid:
                return "placed", True
            return self.settle("confirm", id) if status == "placed" else ("hold_already_released", False)
        if channel not in self.channels:
            return "unknown_channel", False
        if any(sku not in self.skus for sku in order):
            return "unknown_sku", False
        draws = self._taken_apart(order)
        for sku, quantity in draws.items():
            for kind in ("channel", "committed"):
                if self.posted[sku, "main", f"{kind}:{channel}"] + quantity > MOST:
                    return "balance_limit_exceeded", False
        for sku, quantity in draws.items():
            missing = max(0, quantity - self._free(sku, channel))
            self.posted[sku, "main", f"oversold:{channel}"] -= missing
            self.posted[sku, "main", f"channel:{channel}"] += missing
        self._keep(id, channel, buyer, "", order, draws, 366 * 24 * 3600)
        return self.settle("confirm", id) if paid else ("placed", False)

    def _keep(
        self,
        id: str,
        channel: str,
        buyer: str,
        key: str,
        order: dict[str, int],
        draws: dict[str, int],
        ttl: int,
    ) -> None:
        counted = []
        for sku, quantity in order.items():
            if self.skus[sku]["period"]:
                for who, where in ((buyer, channel), (key or buyer, "*")):
                    counted.append(((sku, self.skus[sku]["period"], who, where), quantity))
        self.holds[id] = {
            "status": "placed",
            "until": self.now + ttl,
            "channel": channel,
            "draws": draws,
            "counted": counted,
        }
        for sku, quantity in draws.items():
            self.held[sku, "main", f"channel:{channel}"] += quantity
        for counter, quantity in counted:
            self.taken[counter] += quantity

    def _judge_sale(self, channel: str, order: dict[str, int]) -> str:
        if channel not in self.channels:
            return "unknown_channel"
        if any(sku not in self.skus for sku in order):
            return "unknown_sku"
        if self.channels[channel]["frozen"]:
            return "channel_frozen"
        items = [self.skus[sku] for sku in order]
        parts = [self.skus[part] for item in items for part, _ in item["parts"]]
        if any(item["frozen"] for item in items + parts):
            return "sku_frozen"
        if any(item["opens"] is not None and self.now < item["opens"] for item in items):
            return "sale_not_open"
        if any(item["closes"] is not None and self.now >= item["closes"] for item in items):
            return "sale_closed"
        return ""

    def _judge_limits(self, channel: str, buyer: str, person: str, order: dict[str, int]) -> str:
        for sku, quantity in order.items():
            item = self.skus[sku]
            if not item["period"]:
                continue
            for most, before in (
                (item["per_order"], 0),
                (item["per_buyer"], self.taken[sku, item["period"], buyer, channel]),
                (item["across"], self.taken[sku, item["period"], person, "*"]),
            ):
                if most is not None and before + quantity > most:
                    return "purchase_limit_exceeded"
        return ""

    def _taken_apart(self, order: dict[str, int]) -> dict[str, int]:
        draws: dict[str, int] = {}
        for sku, quantity in order.items():
            for part, number in self.skus[sku]["parts"] or [(sku, 1)]:
                draws[part] = draws.get(part, 0) + number * quantity
        return draws

    def _waits_for_drop(self, sku: str) -> bool:
        """Whether all that could be sold of it is locked for drops."""
        left: dict[str, int] = defaultdict(int)
        for key in list(self.posted):
            if key[0] == sku:
                kind, _, scope = key[2].partition(":")
                left[f"{kind}@" if "@" in scope else kind] += max(0, self.posted[key] - self.held[key])
        elsewhere = sum(left[kind] for kind in ("channel", "unallocated", "reserve", "drop@"))
        return left["drop"] > 0 and not elsewhere

    def _free(self, sku: str, channel: str) -> int:
        key = (sku, "main", f"channel:{channel}")
        return self.posted[key] - self.held[key]

    def settle(self, verb: str, id: str) -> Answer:
        hold = self.holds.get(id)
        if hold is None:
            return "unknown_hold", False
        status, late = hold["status"], self.now >= hold["until"]
        if verb == "expire":
            if status != "placed" or not late:
                return "not_due", False
            self._end(hold, "expired")
            return "expired", False
        wanted = {"confirm": "confirmed", "release": "released"}[verb]
        if status == wanted:
            return wanted, True
        if status != "placed":
            refusals = {
                "confirmed": "hold_already_confirmed",
                "released": "hold_already_released",
                "expired": "hold_expired",
            }
            return refusals[status], False
        if verb == "confirm" and late:
            self._end(hold, "expired")
            return "hold_expired", False
        if verb == "confirm":
            target = f"committed:{hold['channel']}"
            if any(self.posted[sku, "main", target] + n > MOST for sku, n in hold["draws"].items()):
                return "balance_limit_exceeded", False
        self._end(hold, wanted)
        return wanted, False

    def _end(self, hold: dict[str, Any], status: str) -> None:
        hold["status"] = status
        source, target = f"channel:{hold['channel']}", f"committed:{hold['channel']}"
        for sku, quantity in hold["draws"].items():
            self.held[sku, "main", source] -= quantity
            if status == "confirmed":
                self.posted[sku, "main", source] -= quantity
                self.posted[sku, "main", target] += quantity
        if status != "confirmed":
            for counter, quantity in hold["counted"]:
                self.taken[counter] -= quantity

    def _repeat(self, id: tuple[str, str], body: list[Any], names: list[str]) -> Answer | None:
        if id not in self.first:
            return None
        first_body, code = self.first[id]
        for name, one, other in zip(names, first_body, body, strict=True):
            if one != other:
                return f"exists_with_different_{name}", False
        return code, True
