"""A platform of three calls without any protocol, to try the machinery that all simulators share."""

import json
from typing import ClassVar

from holdfast.simulators.misbehaviour import Option
from holdfast.simulators.platform import Answer, Call, Delivery, Platform, json_answer
from holdfast.simulators.records import Deducts, GivesBack, Key, News, UnderRun
from holdfast.simulators.tokens import Lifetimes


class Toy(Platform):
    """`GET /P/V` reads, `POST /P/V?change=N` writes, `POST /token` is about tokens."""

    name = "toy"
    title = "Toy"
    title_zh = "玩具"
    lifetimes = Lifetimes(access_s=60, refresh_s=600, refresh_once=True)
    deducts = Deducts.ON_ORDER
    gives_back_on_cancel = True
    gives_back_on_refund = GivesBack.BEFORE_SHIPPING
    retry_ladder_s = (1.0, 2.0)
    acknowledge_within_s = 0.3
    options: ClassVar = {"mood": Option("fair", ("fair", "foul")), "tries": Option(3)}

    def name_of(self, call: Call) -> str:
        return "token" if call.path == "/token" else {"GET": "read", "POST": "write"}[call.method]

    def gives_tokens(self, call: Call) -> bool:
        return call.path == "/token"

    def answer(self, call: Call) -> Answer:
        if self.gives_tokens(call):
            return json_answer({})
        product, variant = call.path.strip("/").split("/")
        listing = self.world.listings[Key(product, variant)]
        if call.method == "POST":
            done = self.world.write(listing, int(call.query["change"]), UnderRun.REFUSE)
            return json_answer({"done": done}, 200 if done is not None else 409)
        sellable, occupied = self.world.reading(listing)
        return json_answer({"sellable": sellable, "occupied": occupied})

    def throttled(self, call: Call) -> Answer:
        return json_answer({}, 429)

    def busy(self, call: Call) -> Answer:
        return json_answer({}, 503)

    def announce(self, news: News) -> list[Delivery]:
        if news.order is None:
            return []
        body = {"order": news.order.id, "what": news.happening.value}
        return [Delivery(news.order.id, json.dumps(body).encode())]

    def probe(self) -> Delivery:
        return Delivery("probe", b"{}")
