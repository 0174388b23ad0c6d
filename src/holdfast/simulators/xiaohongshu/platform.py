"""Xiaohongshu ark: one gateway whose signature leaves the body out, and pushes with gaps (facts 9).

Not in the facts and therefore ours: error codes but for -9028, how pushes are verified (they are not signed
here) and retried, and that times of answers are in milliseconds while spans are asked for in seconds.
"""

import random
from collections.abc import Callable
from typing import Any, ClassVar

import msgspec

from holdfast.simulators.misbehaviour import Option
from holdfast.simulators.platform import Answer, Call, Credentials, Delivery, Parts, Platform, json_answer
from holdfast.simulators.records import Deducts, GivesBack, Happening, News
from holdfast.simulators.tokens import Lifetimes, TokenPair, TokenState, made_up

from .errors import Code, Refused, text
from .orders import REFUND_ONLY, RETURN_AND_REFUND, STATUS, Orders
from .signing import request_signature
from .stock import Stock

_GET_TOKEN, _REFRESH_TOKEN = "oauth.getAccessToken", "oauth.refreshToken"
_STATUS_CHANGES = (
    Happening.ORDER_PAID,
    Happening.ORDER_PARTLY_SHIPPED,
    Happening.ORDER_SHIPPED,
    Happening.ORDER_COMPLETED,
    Happening.ORDER_CANCELLED,
)
_CLOCK_OFF_S_MAX = 600


class Xiaohongshu(Platform):
    """The platform."""

    name = "xiaohongshu"
    title = "Xiaohongshu"
    title_zh = "小红书"
    lifetimes = Lifetimes(access_s=7 * 86_400, refresh_s=14 * 86_400)
    deducts = Deducts.ON_ORDER
    gives_back_on_cancel = True
    gives_back_on_refund = GivesBack.BEFORE_SHIPPING
    retry_ladder_s = (10, 60, 300)
    options: ClassVar = {"set_aside": Option(0)}

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        stock, orders = Stock(parts), Orders(parts)
        self._calls: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "inventory.getSkuStock": stock.get,
            "inventory.getSkuStockV2": stock.get_by_warehouse,
            "inventory.syncSkuStock": stock.set,
            "inventory.syncSkuStockV2": stock.set_by_warehouse,
            "inventory.incSkuStock": stock.change,
            "order.getOrderList": orders.list,
            "order.getOrderDetail": orders.get,
            "afterSale.listAfterSaleInfos": orders.after_sales,
            "afterSale.getAfterSaleInfo": orders.after_sale,
        }

    @classmethod
    def make_credentials(cls, chance: random.Random) -> Credentials:
        """An app and a seller."""
        return Credentials(made_up(chance, 20), made_up(chance, 32), made_up(chance, 24), {})

    def adapter_settings(self, base_url: str) -> dict[str, str]:
        """What this shop's own error codes mean: no list of the platform's was found."""
        return {
            "codes_signature": str(Code.SIGN),
            "codes_token_expired": str(Code.TOKEN),
            "codes_listing": str(Code.NOT_FOUND),
            "codes_shortage": str(Code.NOT_ENOUGH),
            "codes_throttled": str(Code.LIMITED),
            "codes_busy": str(Code.INTERNAL),
        }

    def name_of(self, call: Call) -> str:
        """The `method`, as far as it can be read."""
        try:
            return str(_fields(call).get("method", "unknown"))
        except Refused:
            return "unknown"

    def gives_tokens(self, call: Call) -> bool:
        """The two calls about tokens."""
        return self.name_of(call) in (_GET_TOKEN, _REFRESH_TOKEN)

    def answer(self, call: Call) -> Answer:
        """Everything is answered with 200."""
        try:
            fields = self._checked(call)
            method = text(fields, "method")
            data = self._tokens(method, fields) if self.gives_tokens(call) else self._business(method, fields)
        except Refused as refused:
            return _told(refused.code, str(refused), refused.data)
        return _told(Code.OK, "", data)

    def throttled(self, call: Call) -> Answer:
        """Too many calls; the status says so, for no code is known."""
        return _told(Code.LIMITED, "too many requests", None, 429)

    def busy(self, call: Call) -> Answer:
        """A fault inside."""
        return _told(Code.INTERNAL, "internal error", None, 503)

    def announce(self, news: News) -> list[Delivery]:
        """Nothing for an unpaid order, and of an after-sale only that it was applied for."""
        order, refund = news.order, news.refund
        if order is None:
            return []
        at_ms = news.at_us // 1_000
        if news.happening is Happening.REFUND_APPLIED and refund is not None:
            told = {
                "returnsId": refund.id,
                "orderId": order.id,
                "returnType": RETURN_AND_REFUND if refund.after_shipping else REFUND_ONLY,
                "refundFee": refund.amount_fen,
                "updateTime": at_ms,
            }
            return [self._message("msg_after_sale_create", order.id, told)]
        if news.happening in _STATUS_CHANGES:
            status = {"orderId": order.id, "orderStatus": STATUS[order.stage], "updateTime": at_ms}
            return [self._message("msg_fulfillment_status_change", order.id, status)]
        return []

    def acknowledged(self, delivery: Delivery, status: int, body: bytes) -> bool:
        """A JSON object with success and an error code of 0."""
        try:
            answer = msgspec.json.decode(body, type=dict[str, Any])
        except msgspec.DecodeError:
            return False
        return status == 200 and answer.get("success") is True and answer.get("error_code") == 0

    def _message(self, tag: str, key: str, data: dict[str, Any]) -> Delivery:
        message = {
            "msgTag": tag,
            "sellerId": self.credentials.shop,
            "data": msgspec.json.encode(data).decode(),
        }
        return Delivery(key, msgspec.json.encode([message]), {"content-type": "application/json"})

    def _checked(self, call: Call) -> dict[str, Any]:
        if call.method != "POST" or call.path != "/ark/open_api/v3/common_controller":
            raise Refused(Code.NOT_FOUND, f"there is no {call.method} {call.path} here")
        fields = _fields(call)
        app_id, timestamp, version = (str(fields.get(name, "")) for name in ("appId", "timestamp", "version"))
        if app_id != self.credentials.app_key or version != "2.0":
            raise Refused(Code.SIGN, "appId is unknown, or version is not 2.0")
        if not timestamp.isdecimal() or abs(int(timestamp) - self.clock.now_s()) > _CLOCK_OFF_S_MAX:
            raise Refused(Code.SIGN, "timestamp is in seconds and near now")
        secret, method = self.credentials.app_secret, text(fields, "method")
        if fields.get("sign") != request_signature(secret, method, app_id, timestamp, version):
            raise Refused(Code.SIGN, "sign is wrong")
        return fields

    def _business(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        state = self.tokens.state_of(str(fields.get("accessToken", "")))
        if state is not TokenState.VALID:
            raise Refused(Code.TOKEN, f"accessToken is {state.value}")
        handler = self._calls.get(method)
        if handler is None:
            raise Refused(Code.NOT_FOUND, f"there is no method {method} here")
        return handler(fields)

    def _tokens(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        if method == _GET_TOKEN:
            pair = self.tokens.spend_code(text(fields, "code"))
        else:
            pair = self.tokens.refresh(text(fields, "refreshToken"))
        if not isinstance(pair, TokenPair):
            raise Refused(Code.TOKEN, f"the code or refreshToken is {pair.value}")
        return {
            "accessToken": pair.access,
            "accessTokenExpiresAt": pair.access_expires_at_us // 1_000,
            "refreshToken": pair.refresh,
            "refreshTokenExpiresAt": pair.refresh_expires_at_us // 1_000,
            "sellerId": self.credentials.shop,
            "sellerName": "simulated",
        }


def _fields(call: Call) -> dict[str, Any]:
    try:
        return msgspec.json.decode(call.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Refused(Code.WRONG_ARGUMENT, f"the body is no JSON object: {error}") from error


def _told(code: int, message: str, data: dict[str, Any] | None, status: int = 200) -> Answer:
    document = {"success": code == Code.OK, "error_code": code, "error_msg": message}
    return json_answer({**document, "data": data}, status)
