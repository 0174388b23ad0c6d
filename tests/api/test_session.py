"""Coming in with a key or a link, and what a session may not be used for."""

from collections.abc import Iterator

import httpx
import pytest

from holdfast.api.cookie import COOKIE
from holdfast.engine.clock import LedgerClock
from holdfast.live.keys import KeyRing, Role
from holdfast.live.sessions import LINK_S, SESSION_S, Sessions
from holdfast.sealing import Sealer
from tests.api.running import KEY, RunningServer, unique

OURS = {"X-Holdfast-Console": "1"}


@pytest.fixture
def browser(server: RunningServer) -> Iterator[httpx.Client]:
    with server.client_with(None) as client:
        yield client


def come_in(browser: httpx.Client, **body: str) -> httpx.Response:
    return browser.post("/v1/session", json=body, headers=OURS)


def test_a_key_is_exchanged_for_a_cookie_that_scripts_cannot_read(browser: httpx.Client) -> None:
    answer = come_in(browser, key=KEY)
    assert answer.status_code == 201
    assert answer.json()["role"] == "administrator"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert KEY not in cookie
    assert browser.get("/v1/stock").status_code == 200
    assert browser.get("/v1/session").json()["actor"] == "key:first"


def test_nobody_is_in_without_one(browser: httpx.Client) -> None:
    assert browser.get("/v1/session").json()["role"] == "none"
    assert browser.get("/v1/stock").status_code == 401
    assert browser.get("/v1/stock", headers={"cookie": f"{COOKIE}=made-up"}).status_code == 401
    assert come_in(browser, key="hf_wrong").json()["code"] == "unauthorized"


@pytest.mark.parametrize("body", [{}, {"key": "a", "link": "b"}])
def test_it_takes_a_key_or_a_link(browser: httpx.Client, body: dict[str, str]) -> None:
    assert come_in(browser, **body).status_code == 422


def test_a_write_needs_the_header_that_no_foreign_page_can_send(
    server: RunningServer, browser: httpx.Client
) -> None:
    assert browser.post("/v1/session", json={"key": KEY}).json()["code"] == "forbidden"
    come_in(browser, key=KEY)
    sku = server.sku()
    assert browser.post(f"/v1/skus/{sku}/freeze").json()["code"] == "forbidden"
    assert browser.post(f"/v1/skus/{sku}/freeze", headers=OURS).status_code == 200


def test_a_session_may_what_its_key_may(server: RunningServer, browser: httpx.Client) -> None:
    name = unique("viewer")
    key = server.client.post("/v1/keys", json={"name": name, "role": "viewer"}).json()["key"]
    assert come_in(browser, key=key).json()["role"] == "viewer"
    sku = server.sku()
    assert browser.get(f"/v1/skus/{sku}").status_code == 200
    assert browser.post(f"/v1/skus/{sku}/freeze", headers=OURS).json()["code"] == "forbidden"
    server.client.delete(f"/v1/keys/{name}")
    assert browser.get(f"/v1/skus/{sku}").status_code == 401


def test_a_link_opens_once(server: RunningServer, browser: httpx.Client) -> None:
    link = server.holdfast.sessions.new_link()
    assert come_in(browser, link=link).json()["actor"] == "console:link"
    assert browser.get("/v1/keys").status_code == 200
    assert come_in(browser, link=link).status_code == 401


def test_leaving_ends_the_session_for_good(browser: httpx.Client) -> None:
    token = come_in(browser, key=KEY).cookies[COOKIE]
    assert "Max-Age=0" in browser.delete("/v1/session", headers=OURS).headers["set-cookie"]
    assert browser.get("/v1/stock", headers={"cookie": f"{COOKIE}={token}"}).status_code == 401


def test_a_session_behind_https_is_secure(browser: httpx.Client) -> None:
    headers = {**OURS, "X-Forwarded-Proto": "https"}
    answer = browser.post("/v1/session", json={"key": KEY}, headers=headers)
    assert "Secure" in answer.headers["set-cookie"]


class _Now:
    def __init__(self) -> None:
        self.us = 1_800_000_000_000_000

    def __call__(self) -> int:
        return self.us


def test_links_and_sessions_end_by_themselves(server: RunningServer) -> None:
    now = _Now()
    keys = KeyRing(server.holdfast.stores.keys, now)
    keys.refresh()
    sessions = Sessions(keys, server.holdfast.sealer, now)
    link, second = sessions.new_link(), sessions.new_link()
    session = sessions.open_with_link(link)
    assert session is not None
    assert session.principal.role is Role.ADMINISTRATOR
    now.us += LINK_S * 1_000_000
    assert sessions.open_with_link(second) is None
    assert sessions.find(session.token) is not None
    now.us += SESSION_S * 1_000_000
    assert sessions.find(session.token) is None


def test_a_session_outlives_a_restart_but_not_its_secret_key(server: RunningServer) -> None:
    holdfast = server.holdfast
    session = holdfast.sessions.open_with_key(KEY)
    assert session is not None
    after_restart = Sessions(holdfast.keys, holdfast.sealer, LedgerClock().now_us)
    assert after_restart.find(session.token) is not None
    other = Sealer("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", server.path)
    assert Sessions(holdfast.keys, other, LedgerClock().now_us).find(session.token) is None
