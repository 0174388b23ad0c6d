"""A caller of the Taobao simulator that signs by hand, and can be made to sign wrongly."""

import hashlib
import time
from typing import Any

from holdfast.simulators.running import RunningSimulator
from tests.simulators.receiver import CLIENT

ITEM, SKU = 620_000_000_001, 4_600_000_000_002


def stamp(ago_s: float = 0) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - ago_s + 8 * 3_600))


class Caller:
    def __init__(self, running: RunningSimulator) -> None:
        self.running = running
        self.credentials = running.control("GET", "/credentials")
        self.session = self.credentials["access_token"]

    def call(
        self, method: str, /, *, sign: str = "", secret: str = "", path: str = "", **business: Any
    ) -> Any:
        """`business` is sent and signed, and may replace public parameters; None leaves one out."""
        sent = {
            "method": method,
            "app_key": self.credentials["app_key"],
            "session": self.session,
            "timestamp": stamp(),
            "format": "json",
            "v": "2.0",
            "sign_method": "md5",
            **business,
        }
        sent = {name: str(value) for name, value in sent.items() if value is not None}
        secret = secret or self.credentials["app_secret"]
        text = secret + "".join(f"{name}{sent[name]}" for name in sorted(sent)) + secret
        sent["sign"] = sign or hashlib.md5(text.encode()).hexdigest().upper()
        return CLIENT.post(f"{self.running.url}{path or '/router/rest'}", data=sent).json()

    def data(self, method: str, **business: Any) -> Any:
        told = self.call(method, **business)
        key = f"{method.removeprefix('taobao.').replace('.', '_')}_response"
        assert set(told) == {key}, told
        return told[key]

    def code(self, method: str, **business: Any) -> tuple[int, str]:
        error = self.call(method, **business).get("error_response", {"code": 0})
        return error["code"], error.get("sub_code", "")

    def put(self, stock: int, sku: int = SKU, **more: Any) -> None:
        body = {"product": str(ITEM), "variant": str(sku), "stock": stock, **more}
        self.running.control("PUT", "/listings", body)

    def stock(self, sku: int = SKU) -> int:
        told = self.data("taobao.item.sku.get", num_iid=ITEM, sku_id=sku, fields="quantity")
        return int(told["sku"]["quantity"])

    def buy(self, quantity: int = 1, **more: Any) -> str:
        line = {"product": str(ITEM), "variant": str(SKU), "quantity": quantity}
        return str(self.running.control("POST", "/orders", {"lines": [line], **more})["order"])

    def consume(self, quantity: int = 200) -> list[Any]:
        told = self.data("taobao.tmc.messages.consume", quantity=quantity, session=None)
        return list(told.get("messages", {"tmc_message": []})["tmc_message"])

    def confirm(self, messages: list[Any]) -> None:
        ids = ",".join(str(message["id"]) for message in messages)
        assert self.data("taobao.tmc.messages.confirm", s_message_ids=ids, session=None)["is_success"]
