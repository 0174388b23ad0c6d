"""Douyin shop's front door: who calls, whether it is signed, and which method is meant."""

import hmac
import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from ..misbehaviour import Option
from ..platform import Answer, Call, Credentials, Delivery, Parts, Platform, json_answer
from ..records import Deducts, GivesBack, Key, News
from ..tokens import Lifetimes, TokenPair, TokenState, made_up
from .errors import LEGACY_CODES, DouyinError, Parameters, missing
from .orders import Orders
from .push import Pushes
from .signing import ALGORITHMS, canonical, parse, sign
from .stock import Stock

_CHINA = timezone(timedelta(hours=8))
_TOKEN_METHODS = ("token.create", "token.refresh")


class Douyin(Platform):
    """One shop on Douyin."""

    name = "douyin"
    title = "Douyin shop"
    title_zh = "抖店"
    lifetimes = Lifetimes(access_s=7 * 86_400, refresh_s=14 * 86_400, code_s=600)
    deducts = Deducts.ON_ORDER
    gives_back_on_cancel = True
    gives_back_on_refund = GivesBack.BEFORE_SHIPPING
    retry_ladder_s = (10.0, 30.0, 60.0, 300.0, 1_800.0)
    acknowledge_within_s = 5.0
    first_order_id = 4_800_000_000_000_000_001
    options: ClassVar = {
        "timestamp_tolerance_s": Option(600),
        "shortage_sub_code": Option("isv.business-failed:2010012"),
        "push_data": Option("string", ("string", "object", "mixed")),
        "paid_status": Option(2, (2, 105)),
    }

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._orders = Orders(self)
        self._pushes = Pushes(self.credentials, self.chance)
        self._methods: dict[str, Callable[[Parameters], Any]] = {
            "token.create": self._create_token,
            "token.refresh": self._refresh_token,
            **Stock(self).methods(),
            **self._orders.methods(),
        }

    @classmethod
    def make_credentials(cls, chance: random.Random) -> Credentials:
        """An app key of 19 digits, a secret and a shop number."""
        app_key = str(chance.randrange(6_800_000_000_000_000_000, 6_900_000_000_000_000_000))
        return Credentials(app_key, made_up(chance, 36), str(chance.randrange(10**6, 10**7)), {})

    def name_of(self, call: Call) -> str:
        """The method, such as `sku.syncStock`."""
        return call.path.strip("/").replace("/", ".")

    def gives_tokens(self, call: Call) -> bool:
        """Whether it asks for tokens."""
        return self.name_of(call) in _TOKEN_METHODS

    def check_key(self, key: Key) -> str | None:
        """Product and SKU are integers, and no product is without a SKU."""
        if key.product.isdecimal() and key.variant.isdecimal():
            return None
        return "product and variant are numbers on Douyin"

    def answer(self, call: Call) -> Answer:
        """Check, do, and put into the envelope."""
        try:
            given = self._admitted(call)
            return self._envelope(10000, "", "success", self._methods[self.name_of(call)](given))
        except DouyinError as error:
            return self._refused(call, error)

    def throttled(self, call: Call) -> Answer:
        """60000."""
        return self._refused(call, DouyinError(60000, "isp.traffic-limited:app-limit", "请求过于频繁"))

    def busy(self, call: Call) -> Answer:
        """A busy stock row for a write, a service that is not there for all else."""
        if self.name_of(call).startswith("sku.sync"):
            return self._refused(call, DouyinError(50002, "isv.business-failed:2010401", "库存繁忙，请重试"))
        return self._refused(call, DouyinError(20000, "isp.service-error:2010001", "服务不可用"))

    def announce(self, news: News) -> list[Delivery]:
        """One array for each happening of an order."""
        status = self._orders.status(news.order) if news.order else 0
        return self._pushes.about(news, status, self.option("push_data"))

    def probe(self) -> Delivery:
        """A message with tag 0."""
        return self._pushes.probe()

    def acknowledged(self, delivery: Delivery, status: int, body: bytes) -> bool:
        """200 and `{"code":0,…}`."""
        try:
            told = json.loads(body)
        except ValueError:
            return False
        return status == 200 and isinstance(told, dict) and told.get("code") == 0

    def _admitted(self, call: Call) -> Parameters:
        """The parameters of a call that may be answered; the order of the checks is the platform's order."""
        query, method = call.query, self.name_of(call)
        if call.method != "POST" or method not in self._methods or query.get("method") != method:
            raise DouyinError(40003, "isv.parameter-format-invalid", f"method 不存在: {call.method} {method}")
        for name in ("app_key", "timestamp", "v"):
            if not query.get(name):
                raise DouyinError(40001, f"isv.{name.replace('_', '-')}-missing", f"缺少参数 {name}")
        if query["app_key"] != self.credentials.app_key:
            raise DouyinError(30001, "dop.app-forbidden", "应用不存在")
        if query["v"] != "2":
            raise DouyinError(40003, "isv.parameter-format-invalid", "v 应为 2")
        self._check_time(query["timestamp"])
        values = self._signed_values(call, query, method)
        if method not in _TOKEN_METHODS:
            self._check_token(query.get("access_token", ""))
        return Parameters(values)

    def _check_time(self, timestamp: str) -> None:
        wrong = DouyinError(40003, "isv.timestamp-invalid", "timestamp 不合法")
        if timestamp.isdecimal():
            at_s = float(timestamp)
        else:
            try:
                at_s = datetime.strptime(timestamp, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA).timestamp()
            except ValueError:
                raise wrong from None
        tolerance_s = self.option("timestamp_tolerance_s")
        if tolerance_s and abs(at_s - self.clock.now_s()) > tolerance_s:
            raise wrong

    def _signed_values(self, call: Call, query: dict[str, str], method: str) -> dict[str, Any]:
        """The parameters, if the bytes that came are canonical and are what was signed."""
        signature, algorithm = query.get("sign", ""), query.get("sign_method", "md5")
        if not signature:
            raise DouyinError(40001, "isv.signature-missing", "缺少参数 sign")
        wrong = DouyinError(40003, "isv.signature-invalid", "签名错误")
        try:
            text = call.body.decode()
            values = parse(text)
        except ValueError:
            raise DouyinError(40003, "isv.parameter-format-invalid", "param_json 不是 JSON") from None
        if algorithm not in ALGORITHMS or not isinstance(values, dict) or canonical(values) != text:
            raise wrong
        right = sign(
            self.credentials.app_secret, query["app_key"], method, text, query["timestamp"], algorithm
        )
        if not hmac.compare_digest(right.encode(), signature.encode()):
            raise wrong
        return values

    def _check_token(self, token: str) -> None:
        if not token:
            raise DouyinError(40001, "isv.access-token-missing", "缺少参数 access_token")
        state = self.tokens.state_of(token)
        if state is TokenState.EXPIRED:
            raise DouyinError(40003, "isv.access-token-expired", "access_token 已过期")
        if state is not TokenState.VALID:
            raise DouyinError(40003, "isv.access-token-no-existed", "access_token 不存在")

    def _create_token(self, given: Parameters) -> Any:
        kind, code = given.text("grant_type"), given.text("code")
        if kind == "authorization_self":
            # The shop may come as a number or as its text.
            if code or str(given.raw("shop_id")) != self.credentials.shop:
                raise DouyinError(30001, "dop.authorization-no-existed", "店铺未授权")
            return self._told(self.tokens.issue())
        if kind != "authorization_code":
            raise missing("grant_type")
        return self._told(self.tokens.spend_code(code), expired="code-expired", wrong="code-expired")

    def _refresh_token(self, given: Parameters) -> Any:
        if given.text("grant_type") != "refresh_token":
            raise missing("grant_type")
        pair = self.tokens.refresh(given.text("refresh_token"))
        return self._told(pair, expired="token-expired", wrong="token-invalid")

    def _told(self, pair: TokenPair | TokenState, *, expired: str = "", wrong: str = "") -> Any:
        if isinstance(pair, TokenState):
            why = expired if pair is TokenState.EXPIRED else wrong
            raise DouyinError(50001, f"dop.token-generate-failed:{why}", "令牌生成失败")
        return {
            "access_token": pair.access,
            "expires_in": (pair.access_expires_at_us - self.clock.now_us()) // 1_000_000,
            "refresh_token": pair.refresh,
            "scope": "SCOPE",
            "shop_id": int(self.credentials.shop),
            "shop_name": "模拟店铺",
            "authority_id": "",
            "auth_subject_type": "",
        }

    def _refused(self, call: Call, error: DouyinError) -> Answer:
        legacy = LEGACY_CODES.get(error.sub_code.partition(":")[0])
        if legacy is not None and call.headers.get("x-open-no-old-err-code") != "1":
            return json_answer({"err_no": legacy, "message": str(error), "code": legacy, "data": error.data})
        return self._envelope(error.code, error.sub_code, str(error), error.data)

    def _envelope(self, code: int, sub_code: str, message: str, data: Any) -> Answer:
        message_own = message if code in (10000, 10001) else f"错误 {code}"
        return json_answer(
            {
                "code": code,
                "msg": message_own,
                "sub_code": sub_code,
                "sub_msg": message if sub_code else "",
                "log_id": f"{self.chance.getrandbits(64):016x}",
                "data": data,
            }
        )
