"""What shows and drops lay over the limits and the ticket gate of an item, as pure functions.

A layer is what one show or drop wants while it lasts. Layers stand on what a person has set; the one that
came last is on top. A person's edit is above all layers of that moment: they give way and never come back.
"""

from dataclasses import replace as replace_fields

import msgspec
from msgspec.structs import replace

from holdfast.ledger.catalog import described
from holdfast.ledger.commands import PutSku
from holdfast.ledger.guard.rules import Guard
from holdfast.ledger.records import Limits, Sku


class Bounds(msgspec.Struct, frozen=True, omit_defaults=True):
    """Purchase limits 限购 for the time of a show or a drop, in units."""

    per_order: int | None = None
    per_buyer: int | None = None
    per_buyer_across_channels: int | None = None

    def any(self) -> bool:
        """Whether there is one at all."""
        return (self.per_order, self.per_buyer, self.per_buyer_across_channels) != (None, None, None)


class KeptLimits(msgspec.Struct, frozen=True, omit_defaults=True):
    """The limits of an item as they are kept in a document."""

    period: str
    per_order: int | None = None
    per_buyer: int | None = None
    per_buyer_across_channels: int | None = None

    @classmethod
    def of(cls, limits: Limits | None) -> "KeptLimits | None":
        """Keep the ledger's."""
        if limits is None:
            return None
        return cls(limits.period, limits.per_order, limits.per_buyer, limits.per_buyer_across_channels)

    def limits(self) -> Limits:
        """As the ledger takes them."""
        return Limits(self.period, self.per_order, self.per_buyer, self.per_buyer_across_channels)


class Layer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `owner` (`show:ID`, `drop:ID`) wants of one item; purchases are counted in `period`."""

    owner: str
    period: str
    bounds: Bounds = Bounds()
    gate: str = ""
    overruled: bool = False
    """Whether a person set something else while it stood: what they changed is no part of it any more."""


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """The layers of one item, what a person had set under them, and what was put last for them."""

    layers: tuple[Layer, ...] = ()
    limits: KeptLimits | None = None
    gate: str = ""
    put_limits: KeptLimits | None = None
    put_gate: str = ""
    made: str = ""
    """Period of the guard, if it was made for a gate; one without other rules goes with the gate."""


def gate_of(item: Sku) -> str:
    """The gate whose ticket a buyer of it must show; empty for none."""
    return item.guard.ticket_gate if item.guard is not None else ""


def seen(terms: Terms, item: Sku) -> Terms:
    """The terms by what the item is now: what a person changed is theirs, and the layers give way to it."""
    limits, gate = KeptLimits.of(item.limits), gate_of(item)
    if not terms.layers:
        return Terms(limits=limits, gate=gate)
    layers = terms.layers
    if limits != terms.put_limits:
        layers = tuple(
            replace(layer, bounds=Bounds(), overruled=layer.overruled or layer.bounds.any())
            for layer in layers
        )
        terms = replace(terms, limits=limits)
    if gate != terms.put_gate:
        layers = tuple(
            replace(layer, gate="", overruled=layer.overruled or layer.gate != "") for layer in layers
        )
        terms = replace(terms, gate=gate)
    return replace(terms, layers=layers)


def composed(terms: Terms) -> tuple[KeptLimits | None, str]:
    """Limits and gate that stand.

    Of each limit the strictest that a layer names, else the person's; counted in the period of the layer
    on top. The gate is that of the layer on top which has one, for a buyer cannot show two tickets.
    """
    gate = next((layer.gate for layer in reversed(terms.layers) if layer.gate), terms.gate)
    limiting = [layer for layer in terms.layers if layer.bounds.any()]
    if not limiting:
        return terms.limits, gate
    named = [
        min((units for layer in limiting if (units := getattr(layer.bounds, name)) is not None), default=None)
        for name in Bounds.__struct_fields__
    ]
    under = terms.limits or KeptLimits("")
    theirs = [getattr(under, name) for name in Bounds.__struct_fields__]
    stand = [one if one is not None else other for one, other in zip(named, theirs, strict=True)]
    return KeptLimits(limiting[-1].period, *stand), gate


def laid(
    terms: Terms, item: Sku, layers: tuple[Layer, ...], actor: str, request_id: str
) -> tuple[Terms, PutSku]:
    """The terms with other layers, seen anew before, and the command that puts the item so."""
    terms = replace(terms, layers=layers)
    limits, gate = composed(terms)
    guard = item.guard
    if guard is not None:
        guard = replace_fields(guard, ticket_gate=gate)
        if not gate and terms.made and guard == Guard(terms.made):
            guard = None
    elif gate:
        made = next(layer.period for layer in reversed(layers) if layer.gate == gate)
        terms, guard = replace(terms, made=made), Guard(made, ticket_gate=gate)
    command = replace_fields(
        described(item, actor, request_id),
        limits=limits.limits() if limits is not None else None,
        guard=guard,
    )
    return replace(terms, put_limits=limits, put_gate=gate), command


def overruled(terms: Terms | None, owner: str, item: Sku) -> bool:
    """Whether a person set other limits or another gate than `owner` wants, since it came."""
    if terms is None:
        return False
    return any(layer.owner == owner and layer.overruled for layer in seen(terms, item).layers)
