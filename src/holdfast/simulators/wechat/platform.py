"""The WeChat Channels shop: paths, tokens and the envelope (facts 5.1); no call is signed."""

import random
from collections.abc import Callable
from typing import Any, ClassVar

import msgspec

from holdfast.simulators.misbehaviour import Option
from holdfast.simulators.platform import Answer, Call, Credentials, Delivery, Parts, Platform, json_answer
from holdfast.simulators.records import Deducts, GivesBack, Key, News
from holdfast.simulators.tokens import Lifetimes, TokenState, made_up

from .errors import Arguments, Code, Refused
from .events import Events
from .orders import Orders
from .stock import Stock

_STABLE_TOKEN, _TOKEN = "/cgi-bin/stable_token", "/cgi-bin/token"


class WeChat(Platform):
    """The platform."""

    name = "wechat"
    title = "WeChat Channels shop"
    title_zh = "微信小店"
    lifetimes = Lifetimes(access_s=7_200, refresh_s=7_200)
    deducts = Deducts.ON_ORDER
    gives_back_on_cancel = True
    gives_back_on_refund = GivesBack.NEVER
    retry_ladder_s = (0, 0, 10, 60, 300, 1_800, 3_600, 3_600, 3_600)
    acknowledge_within_s = 5.0
    first_order_id = 3_705_115_000_000_000_000
    options: ClassVar = {
        "sku_writes_per_s": Option(0.0),
        "set_aside": Option(0),
        "events": Option("encrypted", ("encrypted", "plain")),
    }

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        stock, orders = Stock(parts), Orders(parts)
        self._events = Events(parts)
        self._calls: dict[str, Callable[[Arguments], dict[str, Any]]] = {
            "/channels/ec/product/stock/update": stock.update,
            "/channels/ec/product/stock/get": stock.get,
            "/channels/ec/product/stock/batchget": stock.get_batch,
            "/channels/ec/product/stock/getflow": stock.flow,
            "/channels/ec/warehouse/stock/update": stock.update_warehouse,
            "/channels/ec/warehouse/stock/get": stock.get_warehouse,
            "/channels/ec/order/list/get": orders.list,
            "/channels/ec/order/get": orders.get,
            "/channels/ec/aftersale/getaftersalelist": orders.after_sales,
            "/channels/ec/aftersale/getaftersaleorder": orders.after_sale,
        }

    @classmethod
    def make_credentials(cls, chance: random.Random) -> Credentials:
        """An app with the token and the key of its callbacks."""
        secrets = {"callback_token": made_up(chance, 16), "encoding_aes_key": made_up(chance, 42) + "A"}
        return Credentials(
            f"wx{made_up(chance, 16)}", made_up(chance, 32), f"gh_{made_up(chance, 12)}", secrets
        )

    def check_key(self, key: Key) -> str | None:
        """Ids are numbers, and every product has at least one SKU."""
        if not key.product.isdecimal() or not key.variant.isdecimal():
            return "product_id and sku_id are numbers, and both are needed"
        return None

    def name_of(self, call: Call) -> str:
        """The path."""
        return call.path.removeprefix("/channels/ec/").strip("/")

    def gives_tokens(self, call: Call) -> bool:
        """Both ways to get one."""
        return call.path in (_STABLE_TOKEN, _TOKEN)

    def answer(self, call: Call) -> Answer:
        """Everything is answered with 200; what went wrong stands in `errcode`."""
        try:
            document = self._tokens(call) if self.gives_tokens(call) else self._business(call)
        except Refused as refused:
            return json_answer(refused.document)
        return json_answer({"errcode": Code.OK, "errmsg": "ok", **document})

    def throttled(self, call: Call) -> Answer:
        """The limit of the minute."""
        return json_answer(Refused(Code.LIMITED_PER_MINUTE, "api minute-quota reach limit").document)

    def busy(self, call: Call) -> Answer:
        """Busy: ask again."""
        return json_answer(Refused(Code.BUSY, "system error").document)

    def announce(self, news: News) -> list[Delivery]:
        """Events about orders and after-sales; stock tells nothing."""
        return self._events.of(news)

    def probe(self) -> Delivery:
        """The check of the address."""
        return self._events.check()

    def acknowledged(self, delivery: Delivery, status: int, body: bytes) -> bool:
        """The echo of the check; `success` or nothing for an event."""
        if delivery.method == "GET":
            return status == 200 and body.decode("utf-8", "replace") == delivery.query["echostr"]
        return status == 200 and body in (b"", b"success")

    def _business(self, call: Call) -> dict[str, Any]:
        self._check_token(call.query.get("access_token", ""))
        handler = self._calls.get(call.path)
        if handler is None or call.method != "POST":
            raise Refused(Code.NO_PERMISSION, f"api unauthorized: {call.method} {call.path}")
        return handler(Arguments(_body(call)))

    def _check_token(self, access: str) -> None:
        if not access:
            raise Refused(Code.TOKEN_MISSING, "access_token missing")
        state = self.tokens.state_of(access)
        if state is TokenState.UNKNOWN:
            raise Refused(Code.TOKEN_UNKNOWN, "invalid access_token")
        if state is not TokenState.VALID:
            raise Refused(Code.TOKEN_EXPIRED, "access_token expired")
        if access != self.tokens.newest.access:
            raise Refused(Code.TOKEN_INVALID, "invalid credential, access_token is not latest")

    def _tokens(self, call: Call) -> dict[str, Any]:
        stable = call.path == _STABLE_TOKEN
        if call.method != ("POST" if stable else "GET"):
            raise Refused(Code.WRONG_ARGUMENT, f"{call.path} is not called with {call.method}")
        given = _body(call) if stable else call.query
        if given.get("grant_type") != "client_credential":
            raise Refused(Code.WRONG_ARGUMENT, "invalid grant_type")
        if (given.get("appid"), given.get("secret")) != (
            self.credentials.app_key,
            self.credentials.app_secret,
        ):
            raise Refused(Code.TOKEN_INVALID, "invalid credential, appid or secret is wrong")
        newest = self.tokens.newest
        # The stable call gives the same token while it lives; the older one voids it each time.
        if (
            not stable
            or given.get("force_refresh")
            or self.tokens.state_of(newest.access) is not TokenState.VALID
        ):
            newest = self.tokens.issue()
        left_s = (newest.access_expires_at_us - self.clock.now_us()) // 1_000_000
        return {"access_token": newest.access, "expires_in": left_s}


def _body(call: Call) -> dict[str, Any]:
    try:
        return msgspec.json.decode(call.body, type=dict[str, Any])
    except msgspec.DecodeError:
        raise Refused(Code.NOT_PARSEABLE, "data format error") from None
