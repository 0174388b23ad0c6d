"""`holdfast destination`: where warnings go. Secrets are asked for, never put on the command line."""

import os
from typing import Any

import click

from holdfast.cli.output import Language, Output, client_for, output_options, server_options

KINDS = ("dingtalk", "feishu", "wecom", "slack", "webhook")
_FROM = "HOLDFAST_DESTINATION_"
SIGNED = ("dingtalk", "feishu", "webhook")


@click.group()
def destination() -> None:
    """List, add, test and remove the places that warnings go to. 通知渠道。"""


@destination.command("list")
@server_options
@output_options
def list_destinations(url: str, key: str | None, as_json: bool, language: Language | None) -> None:
    """List destinations, and how each delivery stands. 查看通知渠道。"""
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        items = client.get("/v1/destinations")["items"]
    words = output.words
    columns = [
        words("渠道", "destination"),
        words("类型", "kind"),
        words("级别", "level"),
        words("待发", "waiting"),
        words("最近成功", "last success"),
        words("最近错误", "last error"),
    ]
    if not items:
        output.say(
            "还没有通知渠道（holdfast destination add）。",
            "there is no destination (`holdfast destination add`).",
        )
    else:
        output.table(
            words("通知渠道", "Destinations"), columns, [_row(item, output.language) for item in items]
        )
    output.emit({"items": items})


def _row(item: dict[str, Any], language: Language) -> tuple[str, ...]:
    delivery = item["delivery"]
    error = delivery["last_error"]
    return (
        item["destination"],
        item["kind"],
        item["level"] if item["enabled"] else "off",
        str(delivery["waiting"]),
        delivery["last_success_at"] or "-",
        error[language] if error else "-",
    )


@destination.command()
@click.argument("id")
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS))
@click.option("--name", help="What people call it; ID if not given.")
@click.option(
    "--level",
    type=click.Choice(("notice", "warning", "critical")),
    default="notice",
    show_default=True,
    help="The mildest level that it hears.",
)
@click.option("--words", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="Language.")
@click.option("--sku", "skus", multiple=True, metavar="SKU", help="Only this item; may be repeated.")
@server_options
@output_options
def add(
    id: str,
    kind: str,
    name: str | None,
    level: str,
    words: str,
    skus: tuple[str, ...],
    url: str,
    key: str | None,
    as_json: bool,
    language: Language | None,
) -> None:
    """Add the destination ID of KIND; address and secret are asked for. 添加通知渠道。

    Programs give them in HOLDFAST_DESTINATION_ADDRESS and HOLDFAST_DESTINATION_SECRET. E-mail is set
    by `PUT /v1/destinations/{destination}`.
    """
    output = Output(as_json=as_json, language=language)
    address, secret = os.environ.get(f"{_FROM}ADDRESS"), os.environ.get(f"{_FROM}SECRET")
    if address is None:
        address = click.prompt(output.words("机器人地址", "Address"), hide_input=True, err=True)
    if secret is None and kind in SIGNED:
        asked = output.words("签名密钥（没有就直接回车）", "Signing secret (empty for none)")
        secret = click.prompt(asked, hide_input=True, default="", show_default=False, err=True)
    body: dict[str, Any] = {
        "name": name or id,
        "kind": kind,
        "level": level,
        "language": words,
        "skus": list(skus),
        "address": address,
    }
    if secret:
        body["secret"] = secret
    with client_for(url, key) as client, output.errors():
        made = client.put(f"/v1/destinations/{id}", body).body
    output.say(
        f"已添加：{id}，请发一条测试（holdfast destination test {id}）",
        f"added: {id}; send a test (`holdfast destination test {id}`)",
    )
    output.emit(made)


@destination.command()
@click.argument("id")
@server_options
@output_options
def test(id: str, url: str, key: str | None, as_json: bool, language: Language | None) -> None:
    """Send a test message to ID, and say what it answered. 发送测试消息。"""
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        found = client.call("POST", f"/v1/destinations/{id}/test").body
    if not found["ok"]:
        output.fail(found["verdict"], found["zh"], found["en"])
    output.say(found["zh"], found["en"])
    output.emit(found)


@destination.command()
@click.argument("id")
@server_options
@output_options
def remove(id: str, url: str, key: str | None, as_json: bool, language: Language | None) -> None:
    """Remove ID, and what waits for it. 移除通知渠道。"""
    output = Output(as_json=as_json, language=language)
    with client_for(url, key) as client, output.errors():
        found = client.call("DELETE", f"/v1/destinations/{id}").body
    output.say(f"已移除：{id}", f"removed: {id}")
    output.emit(found)
