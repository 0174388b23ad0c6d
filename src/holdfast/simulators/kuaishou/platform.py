"""Kuaishou's front door: verb, signature, token, published caps, and the OAuth addresses."""

import base64
import hmac
import json
import random
from typing import Any, ClassVar

from ..gate import TokenBucket
from ..misbehaviour import Option
from ..platform import Answer, Call, Credentials, Delivery, Parts, Platform, json_answer
from ..records import Deducts, GivesBack, Key, News
from ..tokens import Lifetimes, TokenPair, TokenState, made_up
from .errors import WRONG_PARAMETER, KuaishouError, Parameters
from .orders import Orders
from .push import Pushes
from .signing import SIGNED, sign
from .stock import Stock

_OAUTH = {"/oauth2/access_token": "GET", "/oauth2/refresh_token": "POST"}
_ORDER_LIST = "open.order.cursor.list"


class Kuaishou(Platform):
    """One shop on Kuaishou."""

    name = "kuaishou"
    title = "Kuaishou shop"
    title_zh = "快手小店"
    lifetimes = Lifetimes(
        access_s=172_800, refresh_s=180 * 86_400, code_s=120, refresh_once=True, grace_s=300
    )
    deducts = Deducts.ON_ORDER
    gives_back_on_cancel = True
    gives_back_on_refund = GivesBack.BEFORE_SHIPPING
    retry_ladder_s = (300.0, 600.0, 1_200.0, 1_800.0, 3_600.0)
    acknowledge_within_s = 3.0
    first_order_id = 2_500_100_000_000_001
    options: ClassVar = {
        "timestamp_tolerance_s": Option(600),
        "expired_result": Option(24, (21, 22, 24, 25, 26)),
        "calls_per_s": Option(100.0),
        "order_lists_per_s": Option(300.0),
    }

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._pushes = Pushes(self.credentials, self.chance)
        self._methods = {**Stock(self).methods(), **Orders(self).methods()}
        self._buckets = {method: TokenBucket() for method in self._methods}

    @classmethod
    def make_credentials(cls, chance: random.Random) -> Credentials:
        """Three secrets: the app's for OAuth, one for signatures, one for messages."""
        app_key = f"ks{chance.randrange(10**17, 10**18)}"
        message_secret = base64.b64encode(chance.randbytes(16)).decode()
        secrets = {"sign_secret": made_up(chance, 32), "message_secret": message_secret}
        return Credentials(app_key, made_up(chance, 22), str(chance.randrange(10**9, 10**10)), secrets)

    def name_of(self, call: Call) -> str:
        """The method, such as `open.order.detail`, or the OAuth path."""
        return call.path if call.path in _OAUTH else call.path.strip("/").replace("/", ".")

    def gives_tokens(self, call: Call) -> bool:
        """Whether it is an OAuth call."""
        return call.path in _OAUTH

    def check_key(self, key: Key) -> str | None:
        """Item and SKU are integers, and no item is without a SKU."""
        if key.product.isdecimal() and key.variant.isdecimal():
            return None
        return "product and variant are numbers on Kuaishou"

    def check_checkout(self, lines: int) -> str | None:
        """Three SKUs are three orders."""
        return None if lines == 1 else "an order on Kuaishou has one line; place one order for each SKU"

    def answer(self, call: Call) -> Answer:
        """Check, do, and put into the envelope."""
        if self.gives_tokens(call):
            return self._oauth(call)
        try:
            method, given = self._admitted(call)
            return self._envelope(1, "SUCCESS", self._methods[method][1](given))
        except KuaishouError as error:
            return self._envelope(error.result, str(error), None)

    def throttled(self, call: Call) -> Answer:
        """802000."""
        cap_per_s = self.settings.now.throttle_per_s
        text = f"Exceed qps limit, KEY [{self.name_of(call)}], MAX_QPS [{cap_per_s:g}]"
        return self._envelope(802000, text, None)

    def busy(self, call: Call) -> Answer:
        """A gateway that does not get through; the platform's own code for it is not known."""
        return json_answer({"result": 0, "error_msg": "服务繁忙，请稍后重试"}, 503)

    def announce(self, news: News) -> list[Delivery]:
        """Encrypted messages."""
        return self._pushes.about(news)

    def probe(self) -> Delivery:
        """`{"test":true}`."""
        return self._pushes.probe()

    def acknowledged(self, delivery: Delivery, status: int, body: bytes) -> bool:
        """200 and `{"result":1}`."""
        try:
            told = json.loads(body)
        except ValueError:
            return False
        return status == 200 and isinstance(told, dict) and told.get("result") == 1

    def _admitted(self, call: Call) -> tuple[str, Parameters]:
        """The method and parameters of a call that may be answered."""
        method = self.name_of(call)
        if method not in self._methods:
            raise KuaishouError(WRONG_PARAMETER, f"API不存在: {method}")
        verb = self._methods[method][0]
        if call.method != verb:
            raise KuaishouError(WRONG_PARAMETER, f"{method} 只支持 {verb}")
        sent = {**call.query, **call.form} if verb == "POST" else call.query
        if verb == "POST" and "param" not in call.form:
            raise KuaishouError(WRONG_PARAMETER, "param 应在请求体中")
        for name in SIGNED:
            if name not in sent:
                raise KuaishouError(WRONG_PARAMETER, f"缺少参数 {name}")
        if (sent["method"], sent["version"], sent["appkey"]) != (method, "1", self.credentials.app_key):
            raise KuaishouError(WRONG_PARAMETER, "method、version 或 appkey 不匹配")
        self._check_signature(sent)
        self._check_token(sent["access_token"])
        cap_per_s = self.option("order_lists_per_s" if method == _ORDER_LIST else "calls_per_s")
        if cap_per_s and not self._buckets[method].take(cap_per_s, max(cap_per_s, 1.0)):
            raise KuaishouError(802000, f"Exceed qps limit, KEY [{method}], MAX_QPS [{cap_per_s:g}]")
        try:
            values = json.loads(sent["param"])
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise KuaishouError(WRONG_PARAMETER, "param 不是 JSON 对象")
        return method, Parameters(values)

    def _check_signature(self, sent: dict[str, str]) -> None:
        if not sent.get("sign"):
            raise KuaishouError(27, "缺少签名")
        if sent["signMethod"] not in ("MD5", "HMAC_SHA256"):
            raise KuaishouError(28, "签名方法不支持")
        right = sign(sent, self.credentials.secrets["sign_secret"])
        if not hmac.compare_digest(right.encode(), sent["sign"].encode()):
            raise KuaishouError(28, "签名校验失败")
        tolerance_s = self.option("timestamp_tolerance_s")
        timestamp = sent["timestamp"]
        # Milliseconds: a time in seconds is fifty years off.
        if not timestamp.isdecimal() or (
            tolerance_s and abs(int(timestamp) / 1_000 - self.clock.now_s()) > tolerance_s
        ):
            raise KuaishouError(28, "timestamp 不合法")

    def _check_token(self, token: str) -> None:
        state = self.tokens.state_of(token)
        if state is TokenState.EXPIRED:
            raise KuaishouError(self.option("expired_result"), "access_token 已过期")
        if state is not TokenState.VALID:
            raise KuaishouError(22, "access_token 无效，鉴权失败")

    def _oauth(self, call: Call) -> Answer:
        sent = call.query if call.method == "GET" else call.form
        if call.method != _OAUTH[call.path]:
            return _oauth_refused(100200100, "invalid_request")
        known = (sent.get("app_id"), sent.get("app_secret"))
        if known != (self.credentials.app_key, self.credentials.app_secret):
            return _oauth_refused(100200101, "unauthorized_client")
        if call.path.endswith("access_token"):
            if sent.get("grant_type") != "code":
                return _oauth_refused(100200100, "invalid_request")
            return self._told(self.tokens.spend_code(sent.get("code", "")))
        if sent.get("grant_type") != "refresh_token":
            return _oauth_refused(100200100, "invalid_request")
        return self._told(self.tokens.refresh(sent.get("refresh_token", "")))

    def _told(self, pair: TokenPair | TokenState) -> Answer:
        if isinstance(pair, TokenState):
            why = "refreshToken.discarded" if pair is TokenState.SPENT else f"token {pair.value}"
            return _oauth_refused(100200102, "access_denied", why)
        now_us = self.clock.now_us()
        return json_answer(
            {
                "result": 1,
                "access_token": pair.access,
                "expires_in": (pair.access_expires_at_us - now_us) // 1_000_000,
                "refresh_token": pair.refresh,
                "refresh_token_expires_in": (pair.refresh_expires_at_us - now_us) // 1_000_000,
                "open_id": f"o{self.credentials.shop}",
                "scopes": ["merchant_item", "merchant_order", "merchant_refund"],
                "token_type": "bearer",
            }
        )

    def _envelope(self, result: int, message: str, data: Any) -> Answer:
        return json_answer(
            {
                "result": result,
                "error_msg": message,
                "code": str(result),
                "msg": message,
                "sub_code": "",
                "sub_msg": "",
                "request_id": f"{self.chance.getrandbits(64):016x}",
                "data": data,
            }
        )


def _oauth_refused(result: int, error: str, why: str = "") -> Answer:
    return json_answer({"result": result, "error": error, "error_msg": why or error})
