"""A caller of the Douyin simulator that signs by hand, and can be made to sign wrongly."""

import hashlib
import hmac
import json
import time
from typing import Any

from holdfast.simulators.running import RunningSimulator
from tests.simulators.receiver import CLIENT

PRODUCT, SKU = 3409409348479354011, 1736502463777799123


class Caller:
    def __init__(self, running: RunningSimulator) -> None:
        self.running = running
        self.credentials = running.control("GET", "/credentials")
        self.token = self.credentials["access_token"]

    def call(self, method: str, parameters: Any = None, **changes: Any) -> Any:
        """`changes`: `body` (sent and signed), `query` (after signing), `timestamp`, `secret`, `headers`."""
        body = changes.get("body") or json.dumps(
            parameters or {}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        secret = changes.get("secret", self.credentials["app_secret"])
        timestamp = str(changes.get("timestamp", int(time.time())))
        key = self.credentials["app_key"]
        text = f"{secret}app_key{key}method{method}param_json{body}timestamp{timestamp}v2{secret}"
        query = {
            "app_key": key,
            "method": method,
            "access_token": self.token,
            "timestamp": timestamp,
            "v": "2",
            "sign_method": "hmac-sha256",
            "sign": hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest(),
            **changes.get("query", {}),
        }
        answer = CLIENT.post(
            f"{self.running.url}/{method.replace('.', '/')}",
            params=query,
            content=body.encode(),
            headers={"content-type": "application/json", **changes.get("headers", NEW_CODES)},
        )
        assert answer.status_code == 200
        return answer.json()

    def code(self, method: str, parameters: Any = None, **changes: Any) -> tuple[int, str]:
        told = self.call(method, parameters, **changes)
        return told["code"], told.get("sub_code", "")

    def data(self, method: str, parameters: Any = None) -> Any:
        told = self.call(method, parameters)
        assert told["code"] == 10000, told
        return told["data"]

    def sync(self, change: int, idempotent_id: str, **more: Any) -> tuple[int, str]:
        given = {"product_id": PRODUCT, "sku_id": SKU, "stock_num": change, "incremental": True}
        return self.code("sku.syncStock", {**given, "idempotent_id": idempotent_id, **more})

    def put(self, stock: int, sku: int = SKU, product: int = PRODUCT, **more: Any) -> None:
        body = {"product": str(product), "variant": str(sku), "stock": stock, **more}
        self.running.control("PUT", "/listings", body)

    def stock(self, sku: int = SKU) -> int:
        return int(self.data("sku.stockNum", {"sku_id": sku})["stock_num"])

    def buy(self, quantity: int = 1, **more: Any) -> str:
        line = {"product": str(PRODUCT), "variant": str(SKU), "quantity": quantity}
        return str(self.running.control("POST", "/orders", {"lines": [line], **more})["order"])


NEW_CODES = {"x-open-no-old-err-code": "1"}
