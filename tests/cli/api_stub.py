"""A server of items and stock in memory, behind httpx: as strict as the real one where the CLI can tell."""

import json
from collections import defaultdict
from typing import Any
from urllib.parse import unquote

import httpx

from holdfast.cli.client import ApiClient


class ApiStub:
    """Pages are tiny, so that paging is always met; `fail_after` breaks the connection for good."""

    def __init__(self) -> None:
        self.skus: dict[str, dict[str, Any]] = {}
        self.channels = {"douyin": "抖音旗舰店", "taobao": "淘宝店"}
        self.accounts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.held: dict[tuple[str, str], int] = {}
        self.versions: dict[str, int] = defaultdict(int)
        self.transfers: dict[str, dict[str, Any]] = {}
        self.commit = 0
        self.page_size = 2
        self.writes = 0
        self.fail_after: int | None = None

    def client(self) -> ApiClient:
        return ApiClient(
            "http://stub", "key", sleep=lambda _: None, transport=httpx.MockTransport(self.handle)
        )

    def handle(self, request: httpx.Request) -> httpx.Response:
        path = [unquote(part) for part in request.url.raw_path.decode().partition("?")[0].split("/")[2:]]
        if request.method == "GET":
            return self._list(path[0], request)
        if self.fail_after is not None and self.writes >= self.fail_after:
            raise httpx.ReadError("connection reset")
        self.writes += 1
        body = json.loads(request.content)
        return self._put(path[1], body) if request.method == "PUT" else self._move(body)

    def _list(self, noun: str, request: httpx.Request) -> httpx.Response:
        if noun == "channels":
            assert not request.url.params
            items = [{"channel": code, "name": name} for code, name in self.channels.items()]
            return httpx.Response(200, json={"items": items, "next": None})
        everything = {"skus": self._sku, "stock": self._stock}[noun]
        codes = sorted(code for code in self.skus if code > request.url.params.get("after", ""))
        page = [everything(code) for code in codes[: self.page_size]]
        following = page[-1]["sku"] if len(codes) > self.page_size else None
        return httpx.Response(200, json={"items": page, "next": following})

    def _sku(self, code: str) -> dict[str, Any]:
        return {"sku": code, "created_at": "2025-01-01T00:00:00Z", **self.skus[code]}

    def _stock(self, code: str) -> dict[str, Any]:
        accounts = [
            {"account": name, "location": "main", "posted": posted, "held": self.held.get((code, name), 0)}
            for name, posted in self.accounts[code].items()
        ]
        outside = ("supplier", "adjustment", "customer")
        on_hand = sum(posted for name, posted in self.accounts[code].items() if name not in outside)
        return {"sku": code, "on_hand": on_hand, "accounts": accounts, "version": self.versions[code]}

    def _put(self, code: str, body: dict[str, Any]) -> httpx.Response:
        assert body["name"]
        self.skus[code] = body
        return httpx.Response(200, json=self._sku(code))

    def _move(self, body: dict[str, Any]) -> httpx.Response:
        if body["id"] in self.transfers:
            assert self.transfers[body["id"]] == body
            return httpx.Response(200, json=body, headers={"Idempotency-Replayed": "true"})
        accounts, source = self.accounts[body["sku"]], body["from"]
        free = accounts[source] - self.held.get((body["sku"], source), 0)
        if source not in ("supplier", "adjustment") and free < body["quantity"]:
            return problem(409, "insufficient_available", f"available {free}")
        accounts[source] -= body["quantity"]
        accounts[body["to"]] += body["quantity"]
        self.commit += 1
        self.versions[body["sku"]] = self.commit
        self.transfers[body["id"]] = body
        return httpx.Response(201, json=body)


def problem(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> httpx.Response:
    content = json.dumps({"code": code, "detail": detail, "request_id": "r-1", "status": status})
    merged = {"Content-Type": "application/problem+json", **(headers or {})}
    return httpx.Response(status, content=content, headers=merged)
