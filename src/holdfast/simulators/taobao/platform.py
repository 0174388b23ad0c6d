"""The TOP gateway: who calls, when, whether it is signed, for which shop, and the shape of the answer."""

import hmac
import random
from collections.abc import Callable
from typing import Any, ClassVar

from ..misbehaviour import Option
from ..platform import Answer, Call, Credentials, Delivery, Parts, Platform, json_answer
from ..records import Deducts, GivesBack, Key, News
from ..tokens import Lifetimes, TokenState, made_up
from .errors import Parameters, TopError, invalid, missing, to_time
from .messages import Messages
from .signing import METHODS, sign
from .stock import Stock
from .trades import Trades

_GATEWAYS = ("/", "/router/rest")
_TOKEN_PATH = "/token"  # noqa: S105 - an address, not a secret
_TOLERANCE_S = 600
# Message methods are the app's, not a shop's.
_WITHOUT_SESSION = (
    "taobao.tmc.messages.consume",
    "taobao.tmc.messages.confirm",
    "taobao.tmc.queue.get",
    "taobao.tmc.user.get",
    "taobao.tmc.user.cancel",
)


class Taobao(Platform):
    """One shop on Taobao or Tmall."""

    name = "taobao"
    title = "Taobao and Tmall"
    title_zh = "淘宝/天猫"
    lifetimes = Lifetimes(access_s=86_400, refresh_s=30 * 86_400, code_s=600)
    deducts = Deducts.ON_ORDER
    gives_back_on_cancel = True
    gives_back_on_refund = GivesBack.BEFORE_SHIPPING
    first_order_id = 2_190_000_000_000_000_001
    options: ClassVar = {
        "tmall_under_run": Option("refuse", ("refuse", "clamp", "negative")),
        "redeliver_s": Option(330.0),
    }

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._messages = Messages(self)
        self._methods: dict[str, Callable[[Parameters], Any]] = {
            **Stock(self).methods(),
            **Trades(self).methods(),
            **self._messages.methods(),
        }

    @classmethod
    def make_credentials(cls, chance: random.Random) -> Credentials:
        """An app key of 8 digits, a secret, and the shop's nick and number."""
        app_key = str(chance.randrange(20_000_000, 40_000_000))
        user_id = str(chance.randrange(10**9, 10**10))
        return Credentials(app_key, made_up(chance, 32), f"模拟店铺{user_id[-4:]}", {"user_id": user_id})

    def name_of(self, call: Call) -> str:
        """The method, such as `taobao.trade.fullinfo.get`."""
        if self.gives_tokens(call):
            return call.path
        return call.form.get("method") or call.query.get("method") or call.path

    def gives_tokens(self, call: Call) -> bool:
        """Whether it goes to the OAuth address, which really is at another host."""
        return call.path == _TOKEN_PATH

    def adapter_settings(self, base_url: str) -> dict[str, str]:
        """Gateway and OAuth address."""
        return {"gateway_url": f"{base_url}/router/rest", "token_url": f"{base_url}{_TOKEN_PATH}"}

    def check_key(self, key: Key) -> str | None:
        """Items and SKUs are integers; an item may have no SKU; there are no warehouses here."""
        if key.product.isdecimal() and (not key.variant or key.variant.isdecimal()) and not key.warehouse:
            return None
        return "product and variant are numbers on Taobao, and there is no warehouse"

    def answer(self, call: Call) -> Answer:
        """Check, do, and name the answer after the method."""
        if self.gives_tokens(call):
            return self._oauth(call)
        try:
            sent = self._admitted(call)
            method = sent["method"]
            told = self._methods[method](Parameters(sent))
            simple = sent.get("simplify") == "true"
        except TopError as error:
            return self._refused(error)
        told = {**told, "request_id": self._request_id()}
        if simple:
            return json_answer(_simplified(told))
        return json_answer({f"{method.removeprefix('taobao.').replace('.', '_')}_response": told})

    def throttled(self, call: Call) -> Answer:
        """7."""
        return self._refused(
            TopError(7, "App Call Limited", "accesscontrol.limited-by-api-access-count", "调用频率超限")
        )

    def busy(self, call: Call) -> Answer:
        """15 with an `isp.` sub_code."""
        return self._refused(TopError(15, "Remote service error", "isp.remote-service-error", "服务繁忙"))

    def announce(self, news: News) -> list[Delivery]:
        """Nothing is pushed: it waits in the queue."""
        self._messages.tell(news)
        return []

    def push_counts(self) -> dict[str, int]:
        """The queue's."""
        return self._messages.status()

    def _admitted(self, call: Call) -> dict[str, str]:
        """All parameters of a call that may be answered."""
        if call.method != "POST" or call.path not in _GATEWAYS:
            raise TopError(22, "Invalid method", "isv.invalid-method", f"{call.method} {call.path}")
        if set(call.query) & set(call.form):
            raise invalid("parameters", "同一参数出现在查询串与表单中")
        sent = {**call.query, **call.form}
        method = sent.get("method", "")
        if not method:
            raise TopError(21, "Missing method")
        if method not in self._methods:
            raise TopError(22, "Invalid method", "isv.invalid-method", method)
        if sent.get("app_key", "") != self.credentials.app_key:
            raise TopError(29 if sent.get("app_key") else 28, "Invalid app Key", "isv.appkey-not-exists")
        self._check_time(sent.get("timestamp", ""))
        self._check_signature(sent)
        for name, right in (("v", "2.0"), ("format", "json")):
            if sent.get(name, "") != right:
                raise invalid(name) if sent.get(name) else missing(name)
        self._check_session(method, sent.get("session", ""))
        return sent

    def _check_time(self, timestamp: str) -> None:
        if not timestamp:
            raise TopError(30, "Missing timestamp")
        try:
            at_us = to_time(timestamp)
        except ValueError:
            raise TopError(31, "Invalid timestamp") from None
        if abs(at_us - self.clock.now_us()) > _TOLERANCE_S * 1_000_000:
            raise TopError(31, "Invalid timestamp")

    def _check_signature(self, sent: dict[str, str]) -> None:
        if not sent.get("sign"):
            raise TopError(24, "Missing signature")
        if sent.get("sign_method", "") not in METHODS:
            raise TopError(25, "Invalid signature")
        right = sign(sent, self.credentials.app_secret)
        if not hmac.compare_digest(right.encode(), sent["sign"].encode()):
            raise TopError(25, "Invalid signature")

    def _check_session(self, method: str, session: str) -> None:
        if method in _WITHOUT_SESSION and not session:
            return
        if not session:
            raise TopError(26, "Missing session")
        state = self.tokens.state_of(session)
        if state is not TokenState.VALID:
            why = "session-expired" if state is TokenState.EXPIRED else "session-not-exist"
            raise TopError(27, "Invalid session", f"isv.invalid-session:{why}", "授权已失效")

    def _oauth(self, call: Call) -> Answer:
        sent = call.form
        known = (sent.get("client_id"), sent.get("client_secret"))
        if call.method != "POST" or known != (self.credentials.app_key, self.credentials.app_secret):
            return json_answer({"error": "invalid_client", "error_description": "client"}, 400)
        if sent.get("grant_type") == "authorization_code":
            pair = self.tokens.spend_code(sent.get("code", ""))
        elif sent.get("grant_type") == "refresh_token":
            pair = self.tokens.refresh(sent.get("refresh_token", ""))
        else:
            return json_answer({"error": "unsupported_grant_type", "error_description": "grant_type"}, 400)
        if isinstance(pair, TokenState):
            return json_answer({"error": "invalid_grant", "error_description": pair.value}, 400)
        now_us = self.clock.now_us()
        access_s = (pair.access_expires_at_us - now_us) // 1_000_000
        return json_answer(
            {
                "access_token": pair.access,
                "token_type": "Bearer",
                "expires_in": access_s,
                "refresh_token": pair.refresh,
                "re_expires_in": (pair.refresh_expires_at_us - now_us) // 1_000_000,
                **dict.fromkeys(
                    ("r1_expires_in", "r2_expires_in", "w1_expires_in", "w2_expires_in"), access_s
                ),
                "taobao_user_id": self.credentials.secrets["user_id"],
                "taobao_user_nick": self.credentials.shop,
            }
        )

    def _refused(self, error: TopError) -> Answer:
        told = {"code": error.code, "msg": str(error), "request_id": self._request_id()}
        if error.sub_code:
            told |= {"sub_code": error.sub_code, "sub_msg": error.sub_message}
        return json_answer({"error_response": told})

    def _request_id(self) -> str:
        return f"{self.chance.getrandbits(48):012x}"


def _simplified(told: Any) -> Any:
    """Lists without the name of what is in them, as `simplify=true` asks."""
    if isinstance(told, list):
        return [_simplified(each) for each in told]
    if not isinstance(told, dict):
        return told
    if len(told) == 1:
        (inner,) = told.values()
        if isinstance(inner, list):
            return _simplified(inner)
    return {name: _simplified(value) for name, value in told.items()}
