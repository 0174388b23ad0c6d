"""A caller of the Kuaishou simulator that signs by hand, and can be made to sign wrongly."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from holdfast.simulators.running import RunningSimulator
from tests.simulators.receiver import CLIENT

ITEM, SKU = 22_000_000_000_001, 33_000_000_000_002
POSTED = ("open.item.sku.stock.update", "open.scm.inventory.adjust", "open.scm.inventory.update")


class Caller:
    def __init__(self, running: RunningSimulator) -> None:
        self.running = running
        self.credentials = running.control("GET", "/credentials")
        self.token = self.credentials["access_token"]

    def call(self, method: str, param: Any = None, *, verb: str = "", **changes: Any) -> Any:
        """`changes` replace public parameters before signing; `sign` and `method_sent` after it."""
        sent = {
            "access_token": self.token,
            "appkey": self.credentials["app_key"],
            "method": method,
            "param": json.dumps(param or {}, ensure_ascii=False),
            "signMethod": "HMAC_SHA256",
            "timestamp": str(int(time.time() * 1_000)),
            "version": "1",
            **{name: value for name, value in changes.items() if name not in ("sign", "secret")},
        }
        secret = changes.get("secret", self.credentials["secrets"]["sign_secret"])
        text = "&".join(f"{name}={sent[name]}" for name in sorted(sent)) + f"&signSecret={secret}"
        if sent["signMethod"] == "MD5":
            sent["sign"] = hashlib.md5(text.encode()).hexdigest()
        else:
            digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
            sent["sign"] = base64.b64encode(digest).decode()
        sent["sign"] = changes.get("sign", sent["sign"])
        url = f"{self.running.url}/{method.replace('.', '/')}"
        verb = verb or ("POST" if method in POSTED else "GET")
        answer = CLIENT.get(url, params=sent) if verb == "GET" else CLIENT.post(url, data=sent)
        return answer.json()

    def result(self, method: str, param: Any = None, **changes: Any) -> int:
        return int(self.call(method, param, **changes)["result"])

    def data(self, method: str, param: Any = None) -> Any:
        told = self.call(method, param)
        assert told["result"] == 1, told
        return told["data"]

    def write(self, change: int) -> int:
        param = {
            "kwaiItemId": ITEM,
            "skuId": SKU,
            "skuChangeStock": abs(change),
            "changeType": 1 if change > 0 else 2,
        }
        return self.result("open.item.sku.stock.update", param)

    def put(self, stock: int, **more: Any) -> None:
        self.running.control(
            "PUT", "/listings", {"product": str(ITEM), "variant": str(SKU), "stock": stock, **more}
        )

    def stock(self) -> int:
        (sku,) = self.data("open.item.sku.list.get", {"kwaiItemId": ITEM, "skuStatus": 1})["skuList"]
        return int(sku["skuStock"])

    def buy(self, quantity: int = 1, **more: Any) -> str:
        line = {"product": str(ITEM), "variant": str(SKU), "quantity": quantity}
        return str(self.running.control("POST", "/orders", {"lines": [line], **more})["order"])

    def decrypt(self, body: bytes) -> Any:
        key = base64.b64decode(self.credentials["secrets"]["message_secret"])
        decryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
        padded = decryptor.update(base64.b64decode(body)) + decryptor.finalize()
        return json.loads(padded[: -padded[-1]])
