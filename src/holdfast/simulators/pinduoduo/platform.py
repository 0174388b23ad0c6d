"""Pinduoduo: one signed gateway, tokens that no refresh prolongs, error responses (facts 8).

Its push is a WebSocket and is left out: this shop is polled. Names of answers cannot be derived from the
method's, so there is a table; the facts have none, and this one is from memory.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import msgspec

from holdfast.simulators.misbehaviour import Option
from holdfast.simulators.platform import Answer, Call, Parts, Platform, json_answer
from holdfast.simulators.records import Deducts, GivesBack, Key
from holdfast.simulators.tokens import Lifetimes, TokenPair, TokenState

from .errors import Code, Refused, text
from .goods import Goods
from .orders import Orders
from .signing import CLOCK_OFF_S_MAX, request_signature

_Handler = Callable[[Mapping[str, object]], dict[str, Any]]
_CREATE, _REFRESH = "pdd.pop.auth.token.create", "pdd.pop.auth.token.refresh"


class Pinduoduo(Platform):
    """The platform."""

    name = "pinduoduo"
    title = "Pinduoduo"
    title_zh = "拼多多"
    lifetimes = Lifetimes(access_s=86_400, refresh_s=30 * 86_400)
    deducts = Deducts.ON_ORDER
    gives_back_on_cancel = True
    gives_back_on_refund = GivesBack.BEFORE_SHIPPING
    first_order_id = 251_125_000_000_000_000
    options: ClassVar = {
        "on_promotion": Option(False),
        "limit_code": Option(Code.LIMITED[0], Code.LIMITED),
        "refresh_extends": Option(False),
        "risk_control_status": Option(0, (0, 1)),
    }

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        goods, orders = Goods(parts), Orders(parts)
        self._calls: dict[str, tuple[str, _Handler]] = {
            "pdd.goods.quantity.update": ("goods_quantity_update_response", goods.update_quantity),
            "pdd.goods.list.get": ("goods_list_get_response", goods.page),
            "pdd.goods.information.get": ("goods_info_get_response", goods.get),
            "pdd.goods.detail.get": ("goods_detail_get_response", goods.detail),
            "pdd.order.number.list.increment.get": ("order_sn_increment_get_response", orders.changed),
            "pdd.order.list.get": ("order_list_get_response", orders.confirmed),
            "pdd.order.information.get": ("order_info_get_response", orders.get),
            "pdd.refund.list.increment.get": ("refund_increment_get_response", orders.refunds),
        }
        self._token_calls: dict[str, tuple[str, _Handler]] = {
            _CREATE: ("pop_auth_token_create_response", self._create_token),
            _REFRESH: ("pop_auth_token_refresh_response", self._refresh_token),
        }

    def check_key(self, key: Key) -> str | None:
        """Ids are numbers, and every goods has SKUs."""
        if not key.product.isdecimal() or not key.variant.isdecimal():
            return "goods_id (product) and sku_id (variant) are numbers, and both are needed"
        return None

    def name_of(self, call: Call) -> str:
        """The `type`, as far as it can be read."""
        try:
            return str(_parameters(call).get("type", "unknown"))
        except Refused:
            return "unknown"

    def gives_tokens(self, call: Call) -> bool:
        """The two calls about tokens."""
        return self.name_of(call) in self._token_calls

    def answer(self, call: Call) -> Answer:
        """Everything is answered with 200."""
        try:
            parameters = self._checked(call)
            name = text(parameters, "type")
            if name in self._token_calls:
                key, handler = self._token_calls[name]
            elif name in self._calls:
                self._check_token(text(parameters, "access_token"))
                key, handler = self._calls[name]
            else:
                raise Refused(Code.NO_PERMISSION, f"没有权限调用: {name}")
            return json_answer({key: {**handler(parameters), "request_id": self._request_id()}})
        except Refused as refused:
            return self._error(refused.code, str(refused))

    def throttled(self, call: Call) -> Answer:
        """One of the two codes for too many calls."""
        return self._error(self.option("limit_code"), "接口调用次数超限")

    def busy(self, call: Call) -> Answer:
        """A fault inside."""
        return self._error(Code.INTERNAL, "网关业务服务错误")

    def _error(self, code: int, message: str) -> Answer:
        error = {"error_code": code, "error_msg": message, "sub_code": None, "sub_msg": message}
        return json_answer({"error_response": {**error, "request_id": self._request_id()}})

    def _request_id(self) -> str:
        return str(self.clock.now_us())

    def _checked(self, call: Call) -> dict[str, object]:
        if call.method != "POST" or call.path != "/api/router":
            raise Refused(Code.NO_PERMISSION, f"there is no {call.method} {call.path} here")
        parameters = _parameters(call)
        if text(parameters, "client_id") != self.credentials.app_key:
            raise Refused(Code.SIGN, "client_id 不存在")
        if text(parameters, "data_type", "JSON") != "JSON" or text(parameters, "version", "V1") != "V1":
            raise Refused(Code.WRONG_ARGUMENT, "参数错误: data_type is JSON and version is V1")
        timestamp = text(parameters, "timestamp")
        if not timestamp.isdecimal() or abs(int(timestamp) - self.clock.now_s()) > CLOCK_OFF_S_MAX:
            raise Refused(Code.SIGN, "timestamp 与服务器时间相差超过10分钟")
        if parameters.get("sign") != request_signature(self.credentials.app_secret, parameters):
            raise Refused(Code.SIGN, "签名sign校验失败")
        return parameters

    def _check_token(self, access: str) -> None:
        if self.tokens.state_of(access) is not TokenState.VALID:
            raise Refused(Code.TOKEN_EXPIRED, "access_token 已过期或不存在")

    def _create_token(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        # A new authorization voids the tokens before it at once.
        self.tokens.expire(refresh_too=True)
        pair = self.tokens.spend_code(text(parameters, "code"))
        if not isinstance(pair, TokenPair):
            raise Refused(Code.TOKEN_EXPIRED, f"code {pair.value}")
        return self._pair(pair)

    def _refresh_token(self, parameters: Mapping[str, object]) -> dict[str, Any]:
        wanted, newest = text(parameters, "refresh_token"), self.tokens.newest
        if self.option("refresh_extends"):
            pair = self.tokens.refresh(wanted)
            if isinstance(pair, TokenPair):
                return self._pair(pair)
        elif wanted == newest.refresh and self.tokens.state_of(newest.access) is TokenState.VALID:
            return self._pair(newest)
        raise Refused(Code.TOKEN_EXPIRED, "refresh_token 已过期，请重新授权")

    def _pair(self, pair: TokenPair) -> dict[str, Any]:
        now_us = self.clock.now_us()
        return {
            "access_token": pair.access,
            "expires_in": (pair.access_expires_at_us - now_us) // 1_000_000,
            "expires_at": pair.access_expires_at_us // 1_000_000,
            "refresh_token": pair.refresh,
            "refresh_token_expires_in": (pair.refresh_expires_at_us - now_us) // 1_000_000,
            "refresh_token_expires_at": pair.refresh_expires_at_us // 1_000_000,
            "owner_id": self.credentials.shop,
            "owner_name": "simulated",
        }


def _parameters(call: Call) -> dict[str, object]:
    try:
        return msgspec.json.decode(call.body, type=dict[str, object])
    except msgspec.DecodeError as error:
        raise Refused(Code.WRONG_ARGUMENT, f"参数错误: the body is no JSON object: {error}") from error
