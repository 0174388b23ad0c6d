"""Destinations of warnings: made on the page, tested against a real receiver, paused, changed, removed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.api.running import RunningServer, put, unique, wait_for
from tests.browser.room import Room
from tests.browser.test_looks import violations
from tests.operations.destinations import robots
from tests.operations.destinations.robots import SECRET, TOKEN, Robot, serving


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that may call receivers of this machine."""
    with RunningServer(tmp_path / "holdfast.db", private_destinations=True) as running:
        yield running


@pytest.fixture
def desk(browser: Browser, inside: RunningServer) -> Iterator[Room]:
    """A browser on the tab."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(10_000)
    made = Room(context.new_page(), inside.url)
    made.enter()
    opens(made)
    yield made
    context.close()
    assert not made.complaints


def opens(room: Room) -> None:
    room.page.goto(f"{room.url}/console/warnings?tab=destinations")
    expect(room.page.get_by_test_id("line")).to_have_text("已连接")


def new(room: Room, kind: str, name: str) -> Locator:
    """The open form of a new destination."""
    room.page.get_by_role("button", name="新建推送").click()
    form = room.page.get_by_role("dialog")
    form.get_by_text(kind, exact=True).click()
    form.get_by_label("名称").fill(name)
    return form


def made(server: RunningServer, robot: Robot) -> None:
    address = robot.url(f"/robot/send?access_token={TOKEN}")
    body = {"name": "运营群", "kind": "dingtalk", "address": address, "secret": SECRET}
    put(server.client, "/v1/destinations/dingtalk", body)


def test_a_robot_is_made_tested_paused_and_removed(inside: RunningServer, desk: Room) -> None:
    page = desk.page
    with serving(robots.dingtalk) as robot:
        form = new(desk, "钉钉", "运营群")
        expect(form.get_by_text("安全设置选“加签”")).to_be_visible()
        form.get_by_role("button", name="保存").click()
        expect(form.get_by_text("请从机器人页面复制完整地址")).to_be_visible()
        assert not violations(desk)
        form.get_by_label("地址（Webhook）").fill(robot.url(f"/robot/send?access_token={TOKEN}"))
        form.get_by_label("密钥").first.fill("SEC-wrong")
        form.get_by_role("button", name="保存").click()
        line = page.locator('[data-destination="dingtalk"]')
        expect(line.get_by_test_id("state")).to_contain_text("尚未发过")
        line.get_by_role("button", name="测试").click()
        expect(line).to_contain_text("钉钉拒绝：加签密钥")

        line.get_by_role("button", name="修改").click()
        form = page.get_by_role("dialog")
        form.get_by_label("密钥").first.fill(SECRET)
        form.get_by_role("button", name="保存").click()
        expect(form).to_have_count(0)
        line.get_by_role("button", name="测试").click()
        expect(line).to_contain_text("测试：对方已收下")
        assert "测试消息" in robot.taken[-1].body.decode()
        assert TOKEN not in page.content()
        assert SECRET not in page.content()

        line.get_by_role("button", name="暂停").click()
        expect(line.get_by_test_id("state")).to_contain_text("已暂停")
        expect(line.get_by_role("button", name="测试")).to_have_attribute("aria-disabled", "true")
        channel = inside.channel()
        quiet = inside.stocked(channel, 50)
        wait_for(lambda: inside.holdfast.warnings._memory.peak_units(quiet) == 50)
        inside.hold(channel, quiet, 50)
        wait_for(lambda: bool(inside.client.get("/v1/warnings").json()["items"]))
        line.get_by_role("button", name="恢复").click()
        expect(line.get_by_role("button", name="暂停")).to_be_visible()
        loud = inside.stocked(channel, 60)
        wait_for(lambda: inside.holdfast.warnings._memory.peak_units(loud) == 60)
        robot.arrived.clear()
        inside.hold(channel, loud, 60)
        assert robot.arrived.wait(5.0)
        told = robot.taken[-1].body.decode()
        assert "已售罄" in told
        # Without a reload: the feed tells the page of what was delivered.
        expect(line.get_by_test_id("state")).to_contain_text("正常", timeout=3_000)
        assert not violations(desk)

        line.get_by_role("button", name="移除").click()
        expect(page.get_by_role("dialog")).to_contain_text("不能恢复")
        page.get_by_role("dialog").get_by_role("button", name="移除").click()
        expect(line).to_have_count(0)
        assert inside.client.get("/v1/destinations").json()["items"] == []


def test_a_webhooks_secret_is_made_here_and_shown_once(inside: RunningServer, desk: Room) -> None:
    page = desk.page
    with serving(robots.slack) as receiver:
        form = new(desk, "Webhook", "数仓")
        form.get_by_label("地址（Webhook）").fill(receiver.url(f"/hook/{TOKEN}"))
        form.get_by_role("button", name="保存").click()
        secret = page.get_by_test_id("secret").input_value()
        assert secret.startswith("whsec_")
        assert not violations(desk)
        page.get_by_role("button", name="已妥善保存").click()
        assert secret not in page.content()
        line = page.locator('[data-destination="webhook"]')
        line.get_by_role("button", name="测试").click()
        expect(line).to_contain_text("测试：对方已收下")
        assert json.loads(receiver.calls[-1].body)["type"] == "stock.test"
        # What was shown is what signs.
        assert (
            inside.holdfast.destinations.secrets(
                inside.holdfast.destinations.get("webhook").destination  # type: ignore[union-attr]
            )["secret"]
            == secret
        )


def test_mail_asks_for_a_server_and_is_changed_without_it(inside: RunningServer, desk: Room) -> None:
    form = new(desk, "邮件", "值班邮箱")
    form.get_by_label("SMTP 服务器").fill("smtp.example.com")
    form.get_by_label("密码或授权码").fill("p4ss-w0rd-of-mail")
    form.get_by_label("发件人").fill("stock@example.com")
    form.get_by_label("收件人").fill("a@example.com，b")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_text("完整的邮箱地址")).to_be_visible()
    form.get_by_label("收件人").fill("a@example.com，b@example.com")
    form.get_by_role("button", name="保存").click()
    line = desk.page.locator('[data-destination="email"]')
    expect(line).to_contain_text("smtp.example.com")
    line.get_by_role("button", name="修改").click()
    form = desk.page.get_by_role("dialog")
    expect(form.get_by_label("SMTP 服务器")).to_have_count(0)
    form.get_by_label("名称").fill("值班")
    form.get_by_role("button", name="保存").click()
    expect(line.get_by_role("rowheader")).to_contain_text("值班 ")
    (item,) = inside.client.get("/v1/destinations").json()["items"]
    assert item["secrets"] == ["password"]
    assert "p4ss-w0rd-of-mail" not in desk.page.content()


def test_who_may_only_operate_or_look_is_told_why(
    inside: RunningServer, browser: Browser, desk: Room
) -> None:
    with serving(robots.dingtalk) as robot:
        made(inside, robot)
    for role, words in (("operator", None), ("viewer", "推送需要运营及以上权限")):
        body = {"name": unique(role), "role": role}
        key = inside.client.post("/v1/keys", json=body).json()["key"]
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        room = Room(context.new_page(), inside.url)
        room.enter(key=key)
        opens(room)
        if words:
            expect(room.page.get_by_text(words)).to_be_visible()
        else:
            button = room.page.get_by_role("button", name="测试")
            expect(button).to_have_attribute("aria-description", "需要管理员权限，当前为运营")
        assert not violations(room)
        assert not room.complaints
        context.close()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["laptop", "phone"])
def test_it_reads_well_in_both_languages_and_sizes(
    inside: RunningServer, desk: Room, size: tuple[int, int]
) -> None:
    with serving(robots.dingtalk) as robot:
        made(inside, robot)
    desk.page.set_viewport_size({"width": size[0], "height": size[1]})
    for language, new_words in (("zh", "新建推送"), ("en", "New destination")):
        desk.page.evaluate("language => localStorage.setItem('holdfast.language', language)", language)
        desk.page.reload()
        desk.page.get_by_role("button", name=new_words).click()
        expect(desk.page.get_by_role("dialog")).to_be_visible()
        assert not violations(desk)
        assert desk.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
