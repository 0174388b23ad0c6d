"""TikTok Shop: signed requests, tokens with absolute ends, and the paths (facts 6)."""

import random
import re
from typing import Any, ClassVar

from holdfast.simulators.misbehaviour import Option
from holdfast.simulators.platform import Answer, Call, Credentials, Delivery, Parts, Platform, json_answer
from holdfast.simulators.records import Deducts, GivesBack, Key, News
from holdfast.simulators.tokens import Lifetimes, TokenPair, TokenState, made_up

from .errors import Code, Refused, object_in
from .notifications import Notifications
from .orders import Orders
from .signing import clock_is_near, request_signature
from .stock import Stock

_UPDATE = re.compile(r"/product/202309/products/(\d+)/inventory/update")
_SHOPS = "/authorization/202309/shops"


class TikTok(Platform):
    """The platform."""

    name = "tiktok"
    title = "TikTok Shop"
    title_zh = "TikTok Shop"
    lifetimes = Lifetimes(access_s=7 * 86_400, refresh_s=180 * 86_400, code_s=1_800)
    deducts = Deducts.ON_ORDER
    gives_back_on_cancel = True
    gives_back_on_refund = GivesBack.BEFORE_SHIPPING
    retry_ladder_s = (120, 1_800, 10_800, 43_200)
    acknowledge_within_s = 3.0
    first_order_id = 576_653_000_000_000_000
    options: ClassVar = {
        "campaign_locked": Option(0),
        "creator_locked": Option(0),
        "after_payment": Option("AWAITING_SHIPMENT", ("AWAITING_SHIPMENT", "ON_HOLD")),
    }

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._stock = Stock(parts)
        self._orders = Orders(parts, self._stock)
        self._notifications = Notifications(parts, self._stock, self._orders)

    @classmethod
    def make_credentials(cls, chance: random.Random) -> Credentials:
        """An app, a shop with its cipher, and the shop's warehouse."""
        secrets = {
            "shop_cipher": f"TTP_{made_up(chance, 20)}",
            "warehouse_id": str(chance.randrange(7 * 10**18, 8 * 10**18)),
        }
        shop = str(chance.randrange(7 * 10**18, 8 * 10**18))
        return Credentials(made_up(chance, 13), made_up(chance, 40), shop, secrets)

    def adapter_settings(self, base_url: str) -> dict[str, str]:
        """The host of the tokens is another one; the cipher and the warehouse are no secrets."""
        return {"auth_url": base_url, **self.credentials.secrets}

    def check_key(self, key: Key) -> str | None:
        """All ids are numbers."""
        if not key.product.isdecimal() or not key.variant.isdecimal():
            return "product and variant (the SKU) are numbers, and both are needed"
        return None

    def name_of(self, call: Call) -> str:
        """The path without ids."""
        return re.sub(r"/\d{1,}(?=/)", "", call.path.replace("/202309", "")).strip("/")

    def gives_tokens(self, call: Call) -> bool:
        """The calls of the other host."""
        return call.path.startswith("/api/v2/token/")

    def answer(self, call: Call) -> Answer:
        """Every answer has the same envelope."""
        try:
            data = self._tokens(call) if self.gives_tokens(call) else self._business(call)
        except Refused as refused:
            return self._enveloped(refused.code, str(refused), {}, refused.status)
        return self._enveloped(Code.OK, "Success", data, 200)

    def throttled(self, call: Call) -> Answer:
        """Too many calls, with a wish when to come back."""
        answer = self._enveloped(Code.LIMITED, "too many requests", {}, 429)
        return Answer(answer.body, 429, {"retry-after": "1"})

    def busy(self, call: Call) -> Answer:
        """A fault inside: try again."""
        return self._enveloped(Code.INTERNAL, "internal error, please try again", {}, 500)

    def announce(self, news: News) -> list[Delivery]:
        """Order, return and stock notifications."""
        return self._notifications.of(news)

    def acknowledged(self, delivery: Delivery, status: int, body: bytes) -> bool:
        """Nothing but 200 without a body counts."""
        return status == 200 and not body

    def _enveloped(self, code: int, message: str, data: dict[str, Any], status: int) -> Answer:
        request_id = f"{self.clock.now_us():032d}"
        return json_answer({"code": code, "message": message, "request_id": request_id, "data": data}, status)

    def _business(self, call: Call) -> dict[str, Any]:
        self._check(call)
        query = call.query
        update = _UPDATE.fullmatch(call.path)
        if call.method == "GET":
            if call.path == _SHOPS:
                cipher = self.credentials.secrets["shop_cipher"]
                return {"shops": [{"id": self.credentials.shop, "cipher": cipher, "name": "simulated"}]}
            if call.path == "/order/202309/orders":
                return self._orders.get(query)
        elif call.method == "POST":
            body = object_in(call.body or b"{}")
            if update is not None:
                return self._stock.update(update[1], body)
            if call.path == "/product/202309/inventory/search":
                return self._stock.search(body)
            if call.path == "/order/202309/orders/search":
                return self._orders.search(query, body)
            if call.path == "/return_refund/202309/returns/search":
                return self._orders.returns(query, body)
        raise Refused(Code.WRONG_ARGUMENT, f"there is no {call.method} {call.path} here", 404)

    def _check(self, call: Call) -> None:
        query, credentials = call.query, self.credentials
        if query.get("app_key") != credentials.app_key:
            raise Refused(Code.SIGN, "invalid app_key", 401)
        timestamp = query.get("timestamp", "")
        if not timestamp.isdecimal() or not clock_is_near(int(timestamp), self.clock.now_s()):
            raise Refused(Code.WRONG_ARGUMENT, "timestamp is outside the window", 401)
        wanted = request_signature(credentials.app_secret, call.method, call.path, query, call.body)
        if query.get("sign") != wanted:
            raise Refused(Code.SIGN, "sign is invalid", 401)
        state = self.tokens.state_of(call.headers.get("x-tts-access-token", ""))
        if state is not TokenState.VALID:
            code = Code.TOKEN_UNKNOWN if state is TokenState.UNKNOWN else Code.TOKEN_EXPIRED
            raise Refused(code, f"access token is {state.value}", 401)
        if call.path == _SHOPS:
            return
        if not query.get("shop_cipher"):
            raise Refused(Code.SHOP_CIPHER_MISSING, "shop_cipher is missing")
        if query["shop_cipher"] != credentials.secrets["shop_cipher"]:
            raise Refused(Code.TOKEN_SHOP_MISMATCH, "the token is not for this shop", 401)

    def _tokens(self, call: Call) -> dict[str, Any]:
        query = call.query
        known = (self.credentials.app_key, self.credentials.app_secret)
        if call.method != "GET" or (query.get("app_key"), query.get("app_secret")) != known:
            raise Refused(Code.SIGN, "app_key or app_secret is wrong", 401)
        name, grant = call.path.rpartition("/")[2], query.get("grant_type")
        if (name, grant) == ("get", "authorized_code"):
            pair = self.tokens.spend_code(query.get("auth_code", ""))
        elif (name, grant) == ("refresh", "refresh_token"):
            pair = self.tokens.refresh(query.get("refresh_token", ""))
        else:
            raise Refused(Code.WRONG_ARGUMENT, "grant_type does not fit the path")
        if not isinstance(pair, TokenPair):
            raise Refused(Code.TOKEN_EXPIRED, f"the code or token is {pair.value}", 401)
        return {
            "access_token": pair.access,
            # Both ends are points in time, whatever their names say.
            "access_token_expire_in": pair.access_expires_at_us // 1_000_000,
            "refresh_token": pair.refresh,
            "refresh_token_expire_in": pair.refresh_expires_at_us // 1_000_000,
            "open_id": f"open-{self.credentials.shop}",
            "seller_name": "simulated",
            "seller_base_region": "US",
            "user_type": 0,
            "granted_scopes": [],
        }
